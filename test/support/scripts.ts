import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { bareEnvironment } from './bareEnvironment.ts';

const folder = join(import.meta.dirname, '../../scripts');

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs one of the project's scripts as an operator does, with no environment but what is given. */
export function runScript(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...bareEnvironment(), ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(join(folder, name), args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, output: stdout + stderr });
      else reject(error ?? new Error(`${name} gave no exit code`));
    });
  });
}

/** `scripts/fidelity-audit.sh` with the CI secret. */
export function runAudit(server: string, ciSecret: string): Promise<Ran> {
  return runScript('fidelity-audit.sh', ['--server', server], { DATASYNC_CI_UPLOAD_SECRET: ciSecret });
}
