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
  /** `first`: with the static checks, as many at once as there are processors; then all of `middle` at once, then all of `last`. */
  stage: 'first' | 'middle' | 'last';
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

// Beside one another stand those that wait for other processes some of their time: each alone leaves a quarter of two processors.
const projects: readonly Project[] = [
  { name: 'unit', needsSystem: false, stage: 'first' },
  { name: 'unit-mocks', needsSystem: false, stage: 'first' },
  { name: 'infra', needsSystem: false, stage: 'first' },
  { name: 'conformance', needsSystem: false, stage: 'first' },
  { name: 'stores', needsSystem: false, stage: 'middle' },
  { name: 'integration', needsSystem: true, stage: 'middle' },
  { name: 'e2e', needsSystem: true, stage: 'last' },
  { name: 'chaos', needsSystem: true, stage: 'last' },
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
