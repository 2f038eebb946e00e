import { startChildProcess, type ChildProcessOptions, type RunningChild } from '../processes/child.ts';

/** Something that is started again when it dies. */
export interface Supervised {
  readonly name: string;
  /** Process id of the present incarnation. */
  pid(): number;
  stop(): Promise<void>;
}

export interface SupervisedOptions extends ChildProcessOptions {
  /** The start counts as done when a line matches; absent: at once. */
  readonly readyLine?: RegExp;
  readonly readyWithinMs?: number;
  /** Exit codes after which it is left alone, with the reason for the log. */
  readonly finalExits?: Readonly<Record<number, string>>;
  readonly onPid?: (pid: number) => void;
  /** Aborted when the whole platform stops: a Ctrl-C reaches every process of the terminal at once, and none comes back. */
  readonly stopSignal: AbortSignal;
  readonly stopGraceMs?: number;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 10_000;
/** One that ran this long starts from the shortest wait again. */
const SETTLED_MS = 30_000;

/**
 * Starts a program and keeps it running: after an end that nobody asked for it is started again, at first after half
 * a second, then ever later up to ten. Rejects when the first start does not become ready.
 */
export async function supervise(options: SupervisedOptions): Promise<Supervised> {
  let stopping = false;
  let waitMs = FIRST_RESTART_MS;
  let child = await startOnce(options);
  const watch = async (): Promise<void> => {
    for (;;) {
      const startedAt = Date.now();
      const exit = await child.exited;
      if (stopping || options.stopSignal.aborted) return;
      const final = exit.code === null ? undefined : options.finalExits?.[exit.code];
      options.log('warning', `${options.name} ended`, { code: exit.code, signal: exit.signal, final });
      if (final !== undefined) return;
      if (Date.now() - startedAt > SETTLED_MS) waitMs = FIRST_RESTART_MS;
      const next = await restart(() => stopping || options.stopSignal.aborted);
      if (next === undefined) return;
      child = next;
    }
  };
  const restart = async (isOver: () => boolean): Promise<RunningChild | undefined> => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      waitMs = Math.min(waitMs * 2, LAST_RESTART_MS);
      if (isOver()) return undefined;
      try {
        return await startOnce(options);
      } catch (error) {
        options.log('error', `${options.name} did not start; it is tried again`, { error, waitMs });
      }
    }
  };
  const watching = watch();
  return {
    name: options.name,
    pid: () => child.pid,
    stop: async () => {
      stopping = true;
      await child.stop(options.stopGraceMs);
      await watching;
    },
  };
}

async function startOnce(options: SupervisedOptions): Promise<RunningChild> {
  const ready = readiness(options);
  const child = await startChildProcess({ ...options, onLine: ready.onLine });
  options.onPid?.(child.pid);
  if (options.readyLine === undefined) return child;
  const ended = child.exited.then(({ code, signal }) => {
    throw new Error(
      `${options.name} ended (${signal ?? String(code)}) before it was ready: ${ready.lastLines()}`,
    );
  });
  ended.catch(() => undefined);
  try {
    await Promise.race([ready.seen, ended, tooLate(options)]);
    return child;
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}

function tooLate(options: SupervisedOptions): Promise<never> {
  const limitMs = options.readyWithinMs ?? 60_000;
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error(`${options.name} was not ready after ${String(limitMs / 1000)} s`));
    }, limitMs).unref();
  });
}

/** Watches the lines for the one that says it is ready, and keeps the last few for an error. */
function readiness(options: SupervisedOptions) {
  const last: string[] = [];
  const { promise: seen, resolve } = Promise.withResolvers<string>();
  const onLine = (line: string, stream: 'stdout' | 'stderr'): void => {
    last.push(line);
    if (last.length > 20) last.shift();
    if (options.readyLine?.test(line) === true) resolve(line);
    options.onLine?.(line, stream);
  };
  return { seen, onLine, lastLines: () => last.join('\n') };
}
