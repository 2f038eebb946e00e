import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FOLDER = 'lock';
const SUFFIX = '.sock';
const ASK_AGAIN_MS = 20;
const ATTEMPTS = 150;

/** What a process says on its socket: it holds the folder, or it is about to find out. */
type State = 'held' | 'trying';

export interface SocketFile {
  release(): Promise<void>;
}

/**
 * Holds a folder against processes that share nothing but its files, as those in other containers do. Each process has a
 * socket of its own in it, never reused, on which it answers whether it holds the folder; the kernel, which they do share,
 * tells a dead process's file from a live one's, so a kill −9 keeps nobody out. Of several that try at once the lowest
 * name wins: it waits until the others have decided, and they yield. `taken`: a live process holds it, or is about to;
 * `unsupported`: the file system has no sockets.
 */
export async function holdSocketFile(folder: string): Promise<SocketFile | 'taken' | 'unsupported'> {
  const locks = join(folder, FOLDER);
  mkdirSync(locks, { recursive: true, mode: 0o700 });
  // A socket's address has a hundred characters at most: it is reached through the open folder.
  const handle = openSync(locks, 'r');
  const through = `/proc/self/fd/${String(handle)}`;
  const name = randomUUID();
  const own = { state: 'trying' as State };
  const server = await listen(through, name, () => own.state);
  const release = async () => {
    rmSync(join(through, `${name}${SUFFIX}`), { force: true });
    if (server !== undefined) await new Promise<void>((resolve) => void server.close(() => resolve()));
    closeSync(handle);
  };
  if (server !== undefined && (await isFree(through, name))) {
    own.state = 'held';
    server.unref();
    return { release };
  }
  await release();
  return server === undefined ? 'unsupported' : 'taken';
}

/** A file gets its final name only when it is listened on: one that answers nobody is a dead process's. */
function listen(folder: string, name: string, state: () => State): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(state());
    });
    const begun = join(folder, `${name}.new`);
    server.once('error', () => resolve(undefined));
    server.listen(begun, () => {
      renameSync(begun, join(folder, `${name}${SUFFIX}`));
      resolve(server);
    });
  });
}

/** Asks all others until each has decided. */
async function isFree(folder: string, name: string): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const names = readdirSync(folder).flatMap((file) =>
      file.endsWith(SUFFIX) && !file.startsWith(name) ? [file.slice(0, -SUFFIX.length)] : [],
    );
    const others = await Promise.all(
      names.map(async (other) => ({ other, state: await ask(join(folder, `${other}${SUFFIX}`)) })),
    );
    for (const { other, state } of others)
      if (state === 'dead') rmSync(join(folder, `${other}${SUFFIX}`), { force: true });
    if (others.some(({ other, state }) => state === 'held' || (state === 'trying' && other < name)))
      return false;
    if (others.every(({ state }) => state === 'dead')) return true;
    await sleep(ASK_AGAIN_MS);
  }
  return false;
}

/** Codes of a connection that a live process, or one that is just ending, did not answer: it is asked again. */
const ASK_AGAIN = new Set(['ECONNRESET', 'EPIPE', 'EAGAIN']);

/** Whoever cannot be asked at all (another user's, for instance) counts as holding the folder. */
function ask(address: string): Promise<State | 'dead' | 'silent'> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let said = '';
    socket.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve('dead');
      else resolve(ASK_AGAIN.has(code) ? 'silent' : 'held');
    });
    socket.once('end', () => resolve(said === 'held' || said === 'trying' ? said : 'silent'));
  });
}
