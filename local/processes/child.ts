import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Log } from '../log.ts';

export interface ChildProcessOptions {
  /** What log lines and errors call it. */
  readonly name: string;
  /** Path of the program, JavaScript or TypeScript. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** The whole environment of the child; this process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly log: Log;
  /** Takes each line the child prints instead of the log. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended, however that came about; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Lets it end by its SIGTERM handlers, kills it after `graceMs` (default 5 s). Repeating it does no harm. */
  stop(graceMs?: number): Promise<ChildExit>;
  /** Ends it at once, as kill -9 does; wait for `exited`. */
  kill(): void;
}

const parentPipe = 3;
const defaultGraceMs = 5_000;

/**
 * Starts a Node program on this very Node as a child that cannot outlive this process: when this process ends,
 * also by kill -9, the child gets SIGTERM's handlers and is gone 10 s later at the most.
 * Rejects when the process cannot be started; what the program itself then does is seen by `exited`.
 */
export async function startChildProcess(options: ChildProcessOptions): Promise<RunningChild> {
  const { name, entry, args = [], env = process.env, cwd, log } = options;
  const preload = new URL('./end-with-parent.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', preload, entry, ...args], {
    env: { ...env, PARENT_PIPE: String(parentPipe) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const exited = watchExit(child);
  const onLine = options.onLine ?? toLog(name, log);
  readLines(child.stdout, (line) => onLine(line, 'stdout'));
  readLines(child.stderr, (line) => onLine(line, 'stderr'));
  await spawned(child, name);
  return { name, pid: pidOf(child), exited, ...endings(child, exited) };
}

function endings(child: ChildProcess, exited: Promise<ChildExit>): Pick<RunningChild, 'stop' | 'kill'> {
  return {
    stop: async (graceMs = defaultGraceMs) => {
      child.stdio[parentPipe]?.destroy();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

function watchExit(child: ChildProcess): Promise<ChildExit> {
  const pipe = child.stdio[parentPipe];
  // A child that dies resets the pipe; its exit says so already.
  pipe?.on('error', () => undefined);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      pipe?.destroy();
      resolve({ code, signal });
    });
  });
}

async function spawned(child: ChildProcess, name: string): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new Error(`Process "${name}" could not be started.`, { cause: error });
  }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('A started process has no id.');
  return child.pid;
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
}

function toLog(name: string, log: Log): (line: string, stream: 'stdout' | 'stderr') => void {
  return (line, stream) => {
    log(stream === 'stdout' ? 'information' : 'warning', line, { process: name });
  };
}
