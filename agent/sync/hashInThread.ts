import { createHash, type Hash } from 'node:crypto';
import { isMainThread, parentPort, type Transferable, Worker, workerData } from 'node:worker_threads';
import type { FileHash, HashedRange, StartFileHash } from './fileHash.ts';

/** A thread without a file to hash ends after so long. */
const IDLE_MS = 10_000;
/** It makes no garbage but the ranges, which it gives back. */
const YOUNG_GENERATION_MB = 2;

interface WorkerInput {
  readonly purpose: 'hash';
}

type Order =
  | { readonly file: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly file: number; readonly ask: 'sha256' | 'end' };

/** The answer to each range, and to each question for a SHA-256, in the order they were sent. */
type Answer =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly md5: Uint8Array }
  | { readonly sha256: string };

/**
 * Hashes in a thread of its own: SHA-256 and MD5 of every byte would otherwise hold up the thread that sends them. Ranges
 * travel without being copied. One thread for all files, begun when it is needed. `entry` is the program's own file: its
 * first act in a thread is `hashIfWorker`.
 */
export function hashInThread(entry: URL): StartFileHash {
  let thread: Thread | undefined;
  let files = 0;
  let ending: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(ending);
    if (thread === undefined || thread.hasEnded) thread = startThread(entry);
    const hash = fileHash(thread, (files += 1));
    const used = thread;
    return {
      ...hash,
      end: () => {
        hash.end();
        if (used !== thread || used.openFiles > 0) return;
        clearTimeout(ending);
        ending = setTimeout(() => used.terminate(), IDLE_MS).unref();
      },
    };
  };
}

function fileHash(thread: Thread, file: number): FileHash {
  thread.openFiles += 1;
  return {
    add: async (bytes) => {
      const { buffer, byteOffset, byteLength } = bytes as Buffer<ArrayBuffer>;
      const sent = new Uint8Array(buffer, byteOffset, byteLength);
      return hashedRange(await thread.order({ file, bytes: sent }, [buffer]));
    },
    sha256: async () => sha256Of(await thread.order({ file, ask: 'sha256' })),
    end: () => {
      thread.openFiles -= 1;
      thread.tell({ file, ask: 'end' });
    },
  };
}

function hashedRange(answer: Answer): HashedRange {
  if ('sha256' in answer) throw new Error('hashing a range: the thread answered with the hash of a file');
  const { bytes, md5 } = answer;
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), md5: Buffer.from(md5) };
}

function sha256Of(answer: Answer): string {
  if ('sha256' in answer) return answer.sha256;
  throw new Error('hashing a file: the thread answered with a range');
}

interface Thread {
  openFiles: number;
  readonly hasEnded: boolean;
  /** Sends an order and resolves with its answer; rejects when the thread ends before. */
  order(order: Order, transfer?: Transferable[]): Promise<Answer>;
  tell(order: Order): void;
  terminate(): void;
}

function startThread(entry: URL): Thread {
  const worker = new Worker(entry, {
    workerData: { purpose: 'hash' } satisfies WorkerInput,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  worker.unref();
  const waiting: PromiseWithResolvers<Answer>[] = [];
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    for (const one of waiting.splice(0)) one.reject(failure);
  };
  worker.on('message', (answer: Answer) => waiting.shift()?.resolve(answer));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('hashing: the hashing thread has ended')));
  return {
    openFiles: 0,
    get hasEnded() {
      return failure !== undefined;
    },
    order: (order, transfer = []) => {
      const answer = Promise.withResolvers<Answer>();
      if (failure !== undefined) answer.reject(failure);
      else {
        waiting.push(answer);
        worker.postMessage(order, transfer);
      }
      return answer.promise;
    },
    tell: (order) => worker.postMessage(order),
    terminate: () => {
      fail(new Error('hashing: the hashing thread was not needed any more'));
      worker.terminate().catch(fail);
    },
  };
}

/** In a hashing thread: hashes what it is sent, until it is ended, and returns true. */
export function hashIfWorker(): boolean {
  const input = workerData as WorkerInput | null;
  if (isMainThread || input?.purpose !== 'hash') return false;
  const hashes = new Map<number, Hash>();
  parentPort?.on('message', (order: Order) => {
    const hash = hashes.get(order.file) ?? createHash('sha256');
    hashes.set(order.file, hash);
    if ('bytes' in order) {
      const { bytes } = order;
      hash.update(bytes);
      parentPort?.postMessage({ bytes, md5: createHash('md5').update(bytes).digest() }, [bytes.buffer]);
      return;
    }
    if (order.ask === 'sha256') parentPort?.postMessage({ sha256: hash.digest('hex') });
    hashes.delete(order.file);
  });
  return true;
}
