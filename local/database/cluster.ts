import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import type { ServerUser } from './server-user.ts';

export interface ClusterPlace {
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser | undefined;
  readonly dataDir: string;
}

export const clusterUser = 'datasync';

export function clusterDirOf(dataDir: string): string {
  return join(dataDir, 'cluster');
}

/** How a server is told its data folder: see `spawnOptions`. */
export function dataFolderArgument(place: ClusterPlace, clusterDir: string): string {
  return entersByWorkingFolder(place) ? '/proc/self/cwd' : clusterDir;
}

/**
 * A server started by root runs as another user, who may not pass the folders above the data (a temporary folder is
 * 0700). So it is started in its folder, which the kernel enters while still root, and is told to use where it is.
 */
export function spawnOptions(place: ClusterPlace, clusterDir: string) {
  return {
    cwd: entersByWorkingFolder(place) ? clusterDir : place.dataDir,
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    ...place.user,
  };
}

function entersByWorkingFolder(place: ClusterPlace): boolean {
  return place.user !== undefined && process.platform === 'linux';
}

/** Makes the folder and the cluster unless they are there; gives the password. Half a cluster is never used. */
export async function prepareCluster(place: ClusterPlace, durable: boolean): Promise<string> {
  await mkdir(place.dataDir, { recursive: true });
  await giveTo(place, place.dataDir);
  await chmod(place.dataDir, 0o700);
  if (!(await isFile(join(clusterDirOf(place.dataDir), 'PG_VERSION')))) await createCluster(place, durable);
  return (await readFile(passwordFile(place), 'utf8')).trim();
}

function passwordFile(place: ClusterPlace): string {
  return join(place.dataDir, 'password');
}

async function createCluster(place: ClusterPlace, durable: boolean): Promise<void> {
  const half = join(place.dataDir, 'cluster.new');
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  await giveTo(place, half);
  await writeFile(passwordFile(place), `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  await giveTo(place, passwordFile(place));
  await initdb(place, half, durable);
  await rename(half, clusterDirOf(place.dataDir));
}

async function initdb(place: ClusterPlace, clusterDir: string, durable: boolean): Promise<void> {
  const options = spawnOptions(place, clusterDir);
  const fromThere = options.cwd === clusterDir;
  const child = spawn(
    place.binaries.initdb,
    [
      `--pgdata=${dataFolderArgument(place, clusterDir)}`,
      `--username=${clusterUser}`,
      `--pwfile=${fromThere ? '../password' : passwordFile(place)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin', // the same order of text on every machine
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      ...(durable ? [] : ['--no-sync']),
    ],
    { ...options, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0)
    throw new Error(
      `Cannot create the embedded database in ${clusterDir}: initdb ended with ${code}: ${said}`,
    );
}

/** Only what this folder holds itself; PostgreSQL makes the rest as its own user. */
async function giveTo(place: ClusterPlace, path: string): Promise<void> {
  if (place.user) await chown(path, place.user.uid, place.user.gid);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
