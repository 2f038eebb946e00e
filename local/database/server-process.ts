import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterDirOf, dataFolderArgument, spawnOptions } from './cluster.ts';
import type { ClusterPlace } from './cluster.ts';
import { runningServer, stopServer } from './running-server.ts';

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server is gone, wanted or not. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

interface Launch {
  readonly place: ClusterPlace;
  readonly port: number;
  readonly durable: boolean;
  readonly log: (line: string) => void;
}

const readyWords = 'database system is ready to accept connections';
/** Processes of a server that was killed hold its shared memory until they notice; seconds at most. */
const memoryHeldWords = 'pre-existing shared memory block';
const lockFileWords = 'lock file "postmaster.pid" already exists';
const startAttempts = 20;

/** Starts the server and resolves when it takes connections; throws with its last lines if it ends instead. */
export async function launchServer(launch: Launch): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchOnce(launch);
    } catch (error) {
      if (attempt === startAttempts || !(await mayStartNow(launch, error))) throw error;
    }
  }
}

/** What a server that was killed left behind, and has gone, or can be taken away. */
async function mayStartNow(launch: Launch, error: unknown): Promise<boolean> {
  const message = error instanceof Error ? error.message : '';
  if (message.includes(memoryHeldWords)) {
    await delay(250);
    return true;
  }
  // The number of the dead server now belongs to a process that is no server of this folder.
  const clusterDir = clusterDirOf(launch.place.dataDir);
  if (!message.includes(lockFileWords) || (await runningServer(clusterDir)) !== undefined) return false;
  await rm(join(clusterDir, 'postmaster.pid'), { force: true });
  return true;
}

async function launchOnce(launch: Launch): Promise<ServerProcess> {
  const clusterDir = clusterDirOf(launch.place.dataDir);
  const child = spawn(launch.place.binaries.postgres, serverArguments(launch, clusterDir), {
    ...spawnOptions(launch.place, clusterDir),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // Ctrl+C in a terminal goes to the whole group: we stop it after what still writes
  });
  await isReady(child, launch.log);
  const pid = child.pid;
  if (pid === undefined) throw new Error('Cannot start the embedded database: it has no process id');
  const watcher = stopWithUs(pid);
  letUsEnd(child, child.stderr);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // The number may soon be another process's.
  child.once('exit', () => watcher?.kill('SIGKILL'));
  return {
    port: launch.port,
    pid,
    exited,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.ref();
        await Promise.race([ended, stopServer(pid)]);
      }
      watcher?.kill('SIGKILL');
    },
  };
}

function serverArguments({ place, port, durable }: Launch, clusterDir: string): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: '200',
    shared_buffers: '64MB',
    // Values of rows (addresses of people) stand in the details of an error and in statements: neither is logged.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return [
    '-D',
    dataFolderArgument(place, clusterDir),
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function isReady(child: ChildProcess, log: (line: string) => void): Promise<void> {
  let said = '';
  await new Promise<void>((ready, failed) => {
    child.once('error', (cause) =>
      failed(new Error(`Cannot start the embedded database: ${cause.message}`, { cause })),
    );
    child.once('exit', (code) =>
      failed(new Error(`Cannot start the embedded database: it ended with ${code}: ${said}`)),
    );
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      if (said.length < 20_000) said += text;
      if (said.includes(readyWords)) ready();
      for (const line of text.split('\n')) if (line !== '') log(line);
    });
  });
}

/**
 * A shell that reads from us and, when we are gone however suddenly, asks the server to shut down; it runs in a group
 * of its own, as the server does. Windows has no such shell: there the next start stops what is left.
 */
function stopWithUs(serverPid: number): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const watcher = spawn('/bin/sh', ['-c', 'read _; kill -INT "$1"', 'sh', String(serverPid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => undefined); // no shell: as on Windows
  letUsEnd(watcher, watcher.stdin);
  return watcher;
}

/** Neither the child nor its pipe keeps this process running. */
function letUsEnd(child: ChildProcess, pipe: Readable | Writable | null): void {
  child.unref();
  if (pipe instanceof Socket) pipe.unref();
}
