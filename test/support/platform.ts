import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalCredentials, openCredentials } from '../../local/platform/credentials.ts';
import { type ChildExit, type RunningChild, startChildProcess } from '../../local/processes/child.ts';
import { type Client, createClient } from '../../shared/client/index.ts';

const entry = path.resolve(import.meta.dirname, '../../local/start.ts');
const READY = /^DataSync is up: (\S+)/;
/** A first start makes a database and may build the dashboard, on two slow cores. */
const READY_WITHIN_MS = 120_000;
const STOP_GRACE_MS = 40_000;

export interface TestPlatformOptions {
  /** Simulated instruments; none by default. */
  readonly fleet?: number;
  /** Files a minute of each instrument. */
  readonly rate?: number;
  /** Functions hosts on the one database. */
  readonly hosts?: number;
  /** Wrong clocks of simulated PCs, as `--clock-skew` takes them. */
  readonly clockSkew?: string;
  /** The file server takes faults at `/.faults`. */
  readonly takesFaults?: boolean;
  /** A real folder to archive. */
  readonly sourceDir?: string;
  /** Kept at the end; by default a temporary folder that goes with the platform. */
  readonly dataDir?: string;
  /** Added to the environment; undefined takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface TestPlatform {
  readonly url: string;
  readonly dataDir: string;
  readonly credentials: LocalCredentials;
  /** Speaks with the operator's token. */
  readonly client: Client;
  /** Resolves when the supervisor has ended, however that came about. */
  readonly exited: Promise<ChildExit>;
  /** What the supervisor printed so far. */
  output(): string;
  /** Process ids of the supervisor (`platform`) and its parts, as `run/processes.json` has them now. */
  pids(): Record<string, number>;
  /** kill −9 of one part; the supervisor starts it again. False when it is gone at this moment. */
  kill(name: string): boolean;
  /** kill −9 of the supervisor; its parts see that and end. Start again with the same `dataDir`. */
  killAll(): Promise<void>;
  /** SIGTERM to the supervisor, as a service manager stops it; the exit that came of it. Idempotent. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<ChildExit>;
}

/** Starts the whole platform as `npm start` does, in processes of its own; they end with the test's process. */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'datasync-platform-')));
  const output: string[] = [];
  const cleanUp = async (): Promise<void> => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  };
  const { child, up } = await spawnPlatform(argumentsOf(options, dataDir), options.env ?? {}, output);
  try {
    const url = await up;
    const credentials = await openCredentials(dataDir);
    return {
      url,
      dataDir,
      credentials,
      ...partsOf(dataDir),
      ...endings(child, cleanUp),
      ...talk(url, credentials),
      output: () => output.join('\n'),
    };
  } catch (error) {
    await endings(child, cleanUp).stop();
    throw error;
  }
}

/** Runs `npm start` to its end, for calls that it refuses. */
export async function runPlatform(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<ChildExit & { readonly output: string }> {
  const output: string[] = [];
  const { child, up } = await spawnPlatform(args, env, output);
  up.catch(() => undefined);
  return { ...(await child.exited), output: output.join('\n') };
}

function argumentsOf(options: TestPlatformOptions, dataDir: string): string[] {
  const args = ['--port', '0', '--data', dataDir];
  if (options.sourceDir !== undefined) args.push('--source', options.sourceDir);
  else args.push('--fleet', String(options.fleet ?? 0));
  if (options.rate !== undefined) args.push('--rate', String(options.rate));
  if (options.hosts !== undefined) args.push('--hosts', String(options.hosts));
  if (options.clockSkew !== undefined) args.push('--clock-skew', options.clockSkew);
  if (options.takesFaults === true) args.push('--faults');
  return args;
}

async function spawnPlatform(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: string[],
): Promise<{ child: RunningChild; up: Promise<string> }> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = await startChildProcess({
    name: 'platform',
    entry,
    args,
    env: environment(env),
    log: () => undefined,
    onLine: (line) => {
      output.push(line);
      const url = READY.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    },
  });
  const early = child.exited.then(({ code, signal }) => {
    throw new Error(`the platform ended (${signal ?? String(code)}) before it was up:\n${output.join('\n')}`);
  });
  return { child, up: Promise.race([promise, early, tooLate(output)]) };
}

function tooLate(output: readonly string[]): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error(`the platform was not up after ${String(READY_WITHIN_MS)} ms:\n${output.join('\n')}`));
    }, READY_WITHIN_MS).unref();
  });
}

/** The test runner's own variables would change what the platform does; its database is its own. */
function environment(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const own = /^(VITEST|NODE_ENV$|NODE_OPTIONS$|DATABASE_URL$|npm_|DATASYNC_|TEST_)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), ...oneAddress, ...changes };
}

/** Tests of all kinds, and what they start, call from one address. */
const oneAddress = { ANONYMOUS_REQUESTS_PER_MINUTE: '100000', AGENT_REQUESTS_PER_MINUTE: '100000' };

function partsOf(dataDir: string): Pick<TestPlatform, 'pids' | 'kill'> {
  const pids = (): Record<string, number> =>
    JSON.parse(readFileSync(path.join(dataDir, 'run', 'processes.json'), 'utf8')) as Record<string, number>;
  return {
    pids,
    kill: (name) => {
      const pid = pids()[name];
      if (pid === undefined) {
        throw new Error(`the platform has no part ${name}; it has ${Object.keys(pids()).join(', ')}`);
      }
      try {
        return process.kill(pid, 'SIGKILL');
      } catch {
        return false;
      }
    },
  };
}

function endings(
  child: RunningChild,
  cleanUp: () => Promise<void>,
): Pick<TestPlatform, 'stop' | 'killAll' | 'exited'> {
  return {
    exited: child.exited,
    killAll: async () => {
      child.kill();
      await child.exited;
    },
    stop: async (signal = 'SIGTERM') => {
      const timer = setTimeout(() => {
        child.kill();
      }, STOP_GRACE_MS);
      try {
        process.kill(child.pid, signal);
      } catch {
        // gone already
      }
      const exit = await child.exited;
      clearTimeout(timer);
      await cleanUp();
      return exit;
    },
  };
}

function talk(url: string, credentials: LocalCredentials): Pick<TestPlatform, 'client'> {
  const headers = () => ({ authorization: `Bearer ${credentials.operator.token}` });
  return { client: createClient({ baseUrl: url, headers }) };
}

/** Whether a process of that id is there. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
