import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere). */
const LOWEST_PORT = 15_000;
const HIGHEST_PORT = 32_000;
const ATTEMPTS = 100;

/**
 * A port of 127.0.0.1 that nobody has now. One that the system would choose may be taken by any outgoing connection
 * before it is used, or while the server that has it is started again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `${String(ATTEMPTS)} ports from ${String(LOWEST_PORT)} to ${String(HIGHEST_PORT)} were tried and all are taken; wanted: a free one`,
  );
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** The port asked for, or a free one for 0. Throws when somebody else has it. */
export async function portToListenOn(wanted: number): Promise<number> {
  if (wanted === 0) return freePort();
  if (await isFree(wanted)) return wanted;
  throw new Error(`port ${String(wanted)} is taken by another program; wanted: a free one, by --port`);
}
