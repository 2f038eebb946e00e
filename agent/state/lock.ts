import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentEnd, exitCodes } from '../exitCodes.ts';
import { holdSocketFile } from './socketFile.ts';

export interface StateLock {
  release(): Promise<void>;
}

/**
 * Holds a state folder against a second process. The lock is a listening socket, which the kernel gives up when the
 * process dies, so a kill −9 leaves nothing stale; on Linux a second one, in the folder, keeps out agents of other
 * containers that share it. Throws `AgentEnd` (state in use) when another process holds it.
 */
export async function lockStateFolder(folder: string): Promise<StateLock> {
  const address = addressOf(realpathSync(folder));
  const server = (await listen(address)) ?? (await takeOver(address));
  if (server === undefined) throw inUse(folder);
  server.unref();
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  // Names of sockets end at a container's border; the folder itself may be shared across it.
  const file = process.platform === 'linux' ? await holdSocketFile(folder) : 'unsupported';
  if (file === 'taken') {
    await close();
    throw inUse(folder);
  }
  return {
    release: async () => {
      if (file !== 'unsupported') await file.release();
      await close();
    },
  };
}

function inUse(folder: string): AgentEnd {
  return new AgentEnd(
    exitCodes.stateInUse,
    `locking the state folder ${folder}: another agent works on it; wanted: a folder of its own for each agent`,
  );
}

function addressOf(folder: string): string {
  const name = `datasync-agent-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

/** Where sockets are files (macOS), a dead holder's file stays behind: it is removed when nobody answers on it. */
async function takeOver(address: string): Promise<Server | undefined> {
  if (process.platform === 'win32' || process.platform === 'linux') return undefined;
  if (await answers(address)) return undefined;
  rmSync(address, { force: true });
  return listen(address);
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
