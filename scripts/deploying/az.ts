import { execFile } from 'node:child_process';

/** Runs one command of Azure's own command line, by whoever signed in to it; gives what it prints. Throws with what it said. */
export type Az = (...args: readonly string[]) => Promise<string>;

export const az: Az = (...args) =>
  new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024, timeout: 30 * 60_000 };
    execFile('az', [...args, '--only-show-errors'], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(`az ${args.slice(0, 4).join(' ')} failed: ${stderr.trim() || error.message}`));
    });
  });
