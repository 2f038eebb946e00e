/** A static check: one command that says yes or no. */
export interface Check {
  kind: 'check';
  name: string;
  command: string;
  args: readonly string[];
}

/** A vitest project; docs/testing.md says what each is for. */
export interface Project {
  kind: 'project';
  name: string;
  /** Its tests start Chromium, rsync, jq or curl. */
  needsSystem: boolean;
}

export type Step = Check | Project;

/**
 * In the order in which they begin. What takes longest first, so that nothing long is left alone at the end, and what
 * waits for other processes beside what computes.
 */
const steps: readonly Step[] = [
  project('chaos', { needsSystem: true }),
  check('lint', 'eslint', '.', '--max-warnings', '0'),
  project('e2e', { needsSystem: true }),
  project('integration', { needsSystem: true }),
  check('typecheck', 'tsc', '--noEmit'),
  project('stores'),
  project('unit'),
  check('format', 'prettier', '--check', '--log-level', 'warn', '.'),
  check('typecheck-dashboard', 'tsc', '--noEmit', '-p', 'dashboard'),
  project('conformance'),
  project('unit-mocks'),
  check('arrows', 'npm', 'run', '--silent', 'lint:arrows'),
  check('unused', 'knip'),
];

function check(name: string, command: string, ...args: string[]): Check {
  return { kind: 'check', name, command, args };
}

function project(name: string, { needsSystem } = { needsSystem: false }): Project {
  return { kind: 'project', name, needsSystem };
}

/** The steps that were asked for by name, all of them when none was; an unknown name is an error that lists the known. */
export function chooseSteps(names: readonly string[]): readonly Step[] {
  const known = steps.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `Choosing test steps: no step is named ${unknown.join(', ')}; known: ${known.join(', ')}.`,
    );
  }
  return steps.filter(({ name }) => names.length === 0 || names.includes(name));
}
