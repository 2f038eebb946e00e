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
  /** A project that takes longer hangs: it is killed and counted as failed. */
  limitMs: number;
  /** Runs at the end, beside the others that do. */
  besideLast: boolean;
}

const minuteMs = 60_000;

// The slowest first, so that the two processors end at about the same time.
const checks: Check[] = [
  { name: 'lint', command: 'eslint', args: ['.', '--max-warnings', '0'] },
  { name: 'typecheck', command: 'tsc', args: ['--noEmit'] },
  { name: 'typecheck-dashboard', command: 'tsc', args: ['--noEmit', '-p', 'dashboard'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'arrows', command: 'npm', args: ['run', '--silent', 'lint:arrows'] },
  { name: 'unused', command: 'knip', args: [] },
];

const projects: Project[] = [
  { name: 'unit', needsSystem: false, limitMs: 5 * minuteMs, besideLast: false },
  { name: 'stores', needsSystem: false, limitMs: 5 * minuteMs, besideLast: false },
  { name: 'integration', needsSystem: true, limitMs: 8 * minuteMs, besideLast: false },
  { name: 'conformance', needsSystem: false, limitMs: 5 * minuteMs, besideLast: false },
  { name: 'e2e', needsSystem: true, limitMs: 8 * minuteMs, besideLast: true },
  { name: 'chaos', needsSystem: true, limitMs: 10 * minuteMs, besideLast: true },
];

/** The steps that were asked for by name, all of them when none was; an unknown name is an error that lists the known. */
export function chooseSteps(names: readonly string[]): { checks: Check[]; projects: Project[] } {
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
