import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '../../support/bareEnvironment.ts';

const root = join(import.meta.dirname, '../../..');

export interface PulumiStart {
  readonly address: string;
  readonly project: string;
  readonly stack: string;
  /** As `pulumi config` keeps it: texts, objects as JSON. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** What Pulumi.yaml says that a start depends on. */
async function readProject(): Promise<{ readonly main: string; readonly isTypeScript: boolean }> {
  const text = await readFile(join(root, 'Pulumi.yaml'), 'utf8');
  const main = /^main: (.+)$/m.exec(text)?.[1];
  if (main === undefined) throw new Error('Pulumi.yaml names no main');
  return { main, isTypeScript: !/^ {4}typescript: false$/m.test(text) };
}

/**
 * Starts the program as Pulumi's language host for Node does: its own launcher in a process, in the folder of `main`, the services'
 * addresses as arguments, the configuration in the environment. Resolves with what the process printed.
 */
export async function startByPulumi(
  start: PulumiStart,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { main, isTypeScript } = await readProject();
  const program = join(root, main);
  const launcher = join(root, 'node_modules/@pulumi/pulumi/cmd/run');
  const flags = {
    monitor: start.address,
    engine: start.address,
    project: start.project,
    'root-directory': root,
    stack: start.stack,
    pwd: dirname(program),
    parallel: '16',
    organization: 'organization',
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  return promisify(execFile)(process.execPath, [launcher, ...args, basename(program)], {
    cwd: dirname(program),
    env: {
      ...bareEnvironment(),
      PULUMI_CONFIG: JSON.stringify(start.configuration),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(start.secretKeys),
      PULUMI_NODEJS_TYPESCRIPT: String(isTypeScript),
    },
  });
}
