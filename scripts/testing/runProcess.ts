import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { once } from 'node:events';

/** The folder that holds package.json: every step runs there, whatever the folder of the caller. */
export const root = join(import.meta.dirname, '../..');

export interface ProcessEnd {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  /** What it printed, when `output` was `kept`; empty when it went straight to the terminal. */
  text: string;
  timedOut: boolean;
}

/**
 * Runs a command with the project's own Node and tools first on the path. It gets a process group of its own, so
 * that its limit (milliseconds) or the signal ends its children too; after the signal it rejects with its reason.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  {
    output,
    limitMs,
    signal,
    env = {},
  }: {
    output: 'kept' | 'shown';
    limitMs: number;
    signal: AbortSignal;
    env?: Readonly<Record<string, string>>;
  },
): Promise<ProcessEnd> {
  signal.throwIfAborted();
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    env: { ...process.env, ...env, PATH: path },
    stdio: output === 'kept' ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));

  let timedOut = false;
  const stop = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, limitMs);
  signal.addEventListener('abort', stop);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    return { code, text: Buffer.concat(chunks).toString('utf8').trimEnd(), timedOut };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Ends whatever is left of a step: a test process that outlives its step would disturb the next one. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
