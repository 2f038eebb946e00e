/** A static check: one command that says yes or no. */
export interface Check {
  name: string;
  command: string;
  args: readonly string[];
}

/** A vitest project; docs/testing.md says what each is for. */
export interface Project {
  name: string;
  /** Its tests start Chromium, rsync, jq or curl. */
  needsSystem: boolean;
  /** `checks`: beside the static checks, whose slowest uses one processor; `last`: at the end, beside the others that do. */
  beside?: 'checks' | 'last';
}

/** TypeScript's native compiler, by its path: dependency-cruiser needs the one in JavaScript, and both call theirs `tsc`. */
const typeChecker = 'node_modules/typescript-native/bin/tsc';

// The slowest first, so that the two processors end at about the same time.
const checks: readonly Check[] = [
  { name: 'lint', command: 'oxlint', args: [] },
  { name: 'typecheck', command: 'node', args: [typeChecker, '--noEmit'] },
  { name: 'typecheck-dashboard', command: 'node', args: [typeChecker, '--noEmit', '-p', 'dashboard'] },
  { name: 'arrows', command: 'npm', args: ['run', '--silent', 'lint:arrows'] },
  { name: 'unused', command: 'knip', args: [] },
  { name: 'format', command: 'oxfmt', args: ['--check'] },
];

const projects: readonly Project[] = [
  { name: 'unit', needsSystem: false, beside: 'checks' },
  { name: 'unit-mocks', needsSystem: false, beside: 'checks' },
  { name: 'infra', needsSystem: false, beside: 'checks' },
  { name: 'stores', needsSystem: false },
  { name: 'integration', needsSystem: true },
  { name: 'conformance', needsSystem: false },
  { name: 'e2e', needsSystem: true, beside: 'last' },
  { name: 'chaos', needsSystem: true, beside: 'last' },
];

/** The steps that were asked for by name, all of them when none was; an unknown name is an error that lists the known. */
export function chooseSteps(names: readonly string[]): {
  readonly checks: readonly Check[];
  readonly projects: readonly Project[];
} {
  const known = [...checks, ...projects].map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `Choosing test steps: no step is named ${unknown.join(', ')}; known: ${known.join(', ')}.`,
    );
  }
  const isChosen = ({ name }: { name: string }) => names.length === 0 || names.includes(name);
  return { checks: checks.filter(isChosen), projects: projects.filter(isChosen) };
}
