import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { findBinaries, reachableBinaries } from './binaries.ts';
import { clusterDirOf, clusterUser, prepareCluster } from './cluster.ts';
import type { ClusterPlace } from './cluster.ts';
import { isAlive, runningServer, stopServer, thisOwner } from './running-server.ts';
import type { Owner } from './running-server.ts';
import { launchServer } from './server-process.ts';
import { serverUser } from './server-user.ts';

export interface EmbeddedPostgres {
  /** With the password; never log it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server is gone, wanted or not. */
  readonly exited: Promise<void>;
  /** Fast shutdown: open statements are ended, everything committed is on disk. Idempotent. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Made if absent; nothing else may live in it. */
  readonly dataDir: string;
  /** On 127.0.0.1; 0 or absent: a free one. */
  readonly port?: number;
  /** `off` for tests: faster, and a power cut (not a kill) may lose the database. */
  readonly durability?: 'on' | 'off';
  /** The server's own lines. */
  readonly log?: (line: string) => void;
}

/**
 * Starts a PostgreSQL server over `dataDir` and waits until it answers (a new folder takes about a second). A server that a killed
 * process left in that folder is stopped first; one that belongs to a living process is an error. If this process
 * dies, its server shuts down by itself.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const user = await serverUser();
  const found = await findBinaries();
  const place: ClusterPlace = { dataDir, user, binaries: user ? await reachableBinaries(found) : found };
  await endOrphan(dataDir);
  const durable = options.durability !== 'off';
  const password = await prepareCluster(place, durable);
  await writeFile(ownerFile(dataDir), JSON.stringify(await thisOwner()), { mode: 0o600 });
  const server = await launchOnPort(place, options, durable);
  const url = `postgres://${clusterUser}:${password}@127.0.0.1:${server.port}/postgres`;
  let closing: Promise<void> | undefined;
  const { port, pid, exited } = server;
  return { url, port, pid, exited, close: () => (closing ??= server.stop()) };
}

function ownerFile(dataDir: string): string {
  return join(dataDir, 'owner.json');
}

async function endOrphan(dataDir: string): Promise<void> {
  const pid = await runningServer(clusterDirOf(dataDir));
  if (pid === undefined) return;
  const owner = await readOwner(dataDir);
  if (owner && (await isAlive(owner))) {
    throw new Error(
      `Cannot start the embedded database in ${dataDir}: process ${owner.pid} is using it, wanted a folder of its own`,
    );
  }
  await stopServer(pid);
}

async function readOwner(dataDir: string): Promise<Owner | undefined> {
  const text = await readFile(ownerFile(dataDir), 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Owner);
  } catch {
    return undefined; // half written by a process that was killed
  }
}

/** A free port may be taken by another before the server has it: then another. */
async function launchOnPort(place: ClusterPlace, options: EmbeddedOptions, durable: boolean) {
  const log = options.log ?? (() => undefined);
  if (options.port) return launchServer({ place, port: options.port, durable, log });
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchServer({ place, port: await freePort(), durable, log });
    } catch (error) {
      if (attempt === 3 || !(error instanceof Error) || !error.message.includes('could not bind'))
        throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
