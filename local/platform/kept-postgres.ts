import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded.ts';
import type { Log } from '../log.ts';

export interface KeptPostgresOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** The server's own lines. */
  readonly onLine: (line: string) => void;
  /** Aborted when the whole platform stops. */
  readonly stopSignal: AbortSignal;
  readonly onPid: (pid: number) => void;
}

const RESTART_AFTER_MS = 500;

/**
 * Starts the embedded database and starts it again on the same port when it dies, until closed. What was committed is
 * there again; who had a connection makes a new one.
 */
export async function keepPostgres(
  options: KeptPostgresOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { dataDir, log, stopSignal, onLine, onPid } = options;
  let stopping = false;
  const isOver = (): boolean => stopping || stopSignal.aborted;
  let server = await startEmbeddedPostgres({ dataDir, log: onLine });
  onPid(server.pid);
  const { url, port } = server;
  const restart = async (): Promise<EmbeddedPostgres | undefined> => {
    while (!isOver()) {
      await sleep(RESTART_AFTER_MS);
      try {
        if (!isOver()) return await startEmbeddedPostgres({ dataDir, port, log: onLine });
      } catch (error) {
        log('error', 'the database did not start; it is tried again', { error });
      }
    }
    return undefined;
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      await server.exited;
      if (isOver()) return;
      log('warning', 'the database ended and is started again');
      const next = await restart();
      if (next === undefined) return;
      server = next;
      onPid(server.pid);
      // The stop may have come while it started; nobody else closes this one.
      if (isOver()) {
        await server.close();
        return;
      }
    }
  };
  const watching = watch().catch((error: unknown) => {
    log('error', 'the database is not watched any more', { error });
  });
  return {
    url,
    close: async () => {
      stopping = true;
      await server.close();
      await watching;
    },
  };
}
