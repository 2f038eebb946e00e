import type { OpenSource, OpenSourceFile } from './sourceFile.ts';

/** Calls of one source file that end with a signal, whether the file system answers or not. */
export interface UntilAborted {
  /** Buffers of a call that was given up may be written to until it ends: nobody else may use them. The file is closed then. */
  readonly open: OpenSourceFile;
  /** Whether a call that was given up has not ended. */
  readonly hangs: boolean;
  /** Called when no call is left: at once, as a rule. */
  whenEnded(then: () => void): void;
}

/** Opens files so that a disk or a network folder that hangs holds up nobody longer than until the signal (SPEC F4). */
export function openUntil(openSource: OpenSourceFile, signal: AbortSignal): UntilAborted {
  const calls = new Set<Promise<unknown>>();
  const whenEnded = (then: () => void) => {
    if (calls.size === 0) then();
    else Promise.allSettled(calls).then(() => whenEnded(then), then);
  };
  const within = <T>(begin: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const call = begin();
    calls.add(call);
    return untilAborted(call, signal, () => calls.delete(call));
  };
  const close = async (source: OpenSource) => {
    if (calls.size === 0) await source.close();
    else whenEnded(() => void source.close().catch(() => undefined));
  };
  return {
    open: async (path) => {
      const opening = openSource(path);
      try {
        const source = await within(() => opening);
        return {
          stat: async () => within(() => source.stat()),
          read: async (into, offset) => within(() => source.read(into, offset)),
          close: () => close(source),
        };
      } catch (error) {
        // Opened after all, once nobody waits for it.
        if (signal.aborted) void opening.then(close).catch(() => undefined);
        throw error;
      }
    },
    get hangs() {
      return calls.size > 0;
    },
    whenEnded,
  };
}

function untilAborted<T>(call: Promise<T>, signal: AbortSignal, ended: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void call
      .finally(() => {
        ended();
        signal.removeEventListener('abort', abort);
      })
      .then(resolve, reject);
  });
}
