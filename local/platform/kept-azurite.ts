import { setTimeout as sleep } from 'node:timers/promises';
import { type Azurite, startAzurite } from '../azurite/index.ts';
import type { Log } from '../log.ts';

export interface KeptAzuriteOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** Aborted when the whole platform stops. */
  readonly stopSignal: AbortSignal;
  readonly onPid: (pid: number) => void;
}

const RESTART_AFTER_MS = 500;

/**
 * Starts Azurite and starts it again on the same ports when it dies, until closed: what was handed out as a connection
 * string stays true. What Azurite had not saved is lost with it (it saves every 5 s); the dispatch sweeper sends again.
 */
export async function keepAzurite(
  options: KeptAzuriteOptions,
): Promise<{ readonly connectionString: string; close(): Promise<void> }> {
  const { dataDir, log, stopSignal, onPid } = options;
  let stopping = false;
  const isOver = (): boolean => stopping || stopSignal.aborted;
  let azurite = await startAzurite({ dataDir, log });
  onPid(azurite.pid);
  const { connectionString, ports } = azurite;
  const restart = async (): Promise<Azurite | undefined> => {
    while (!isOver()) {
      await sleep(RESTART_AFTER_MS);
      try {
        if (!isOver()) return await startAzurite({ dataDir, log, ...ports });
      } catch (error) {
        log('error', 'Azurite did not start; it is tried again', { error });
      }
    }
    return undefined;
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      await azurite.exited;
      if (isOver()) return;
      log('warning', 'Azurite ended and is started again');
      const next = await restart();
      if (next === undefined) return;
      azurite = next;
      onPid(azurite.pid);
    }
  };
  void watch().catch((error: unknown) => {
    log('error', 'Azurite is not watched any more', { error });
  });
  return {
    connectionString,
    close: async () => {
      stopping = true;
      await azurite.close();
    },
  };
}
