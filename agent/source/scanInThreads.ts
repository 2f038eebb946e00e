import { EventEmitter, on } from 'node:events';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  requireRoot,
  requireSource,
  scanFolder,
  type ScanRequest,
  type ScanSource,
  type ScanStep,
} from './scan.ts';

/** Two look at files as fast as a disk answers; more would only take cores from the instrument's own programs. */
const THREADS = 2;
/** Folders that a thread is given together: so many that it seldom waits, so few that the other gets its share. */
const FOLDERS_AT_ONCE = 8;
/** A thread has the next folders before it is done with these. */
const ORDERS_AHEAD = 2;
/** A walker makes little garbage; V8's usual young generation would triple its memory. */
const YOUNG_GENERATION_MB = 4;

interface WorkerInput {
  readonly purpose: 'scan';
  readonly request: ScanRequest;
}

/** Of the folders of one order: what each showed, and the folders within them. */
interface Answer {
  readonly steps: readonly ScanStep[];
  readonly within: readonly string[];
}

/**
 * Scans in threads of their own, so that a large source holds up neither heartbeats nor the server's answers. Folders
 * come in the order in which they are done. `entry` is the program's own file: its first act in a thread is
 * `scanIfWorker`.
 */
export function scanInThreads(entry: URL): ScanSource {
  return async function* scan(request) {
    requireSource(request.root);
    const input = { purpose: 'scan', request } satisfies WorkerInput;
    const workers = Array.from(
      { length: Math.min(THREADS, availableParallelism()) },
      () =>
        new Worker(entry, {
          workerData: input,
          resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
        }),
    );
    try {
      for await (const step of stepsOf(workers)) yield requireRoot(request.root, step);
    } finally {
      for (const worker of workers) {
        worker.removeAllListeners();
        // One of them has failed the scan; what the others still say must not end the agent.
        worker.on('error', () => undefined);
      }
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  };
}

async function* stepsOf(workers: readonly Worker[]): AsyncGenerator<ScanStep> {
  const waiting = [''];
  const orders = new Map(workers.map((worker) => [worker, 0]));
  const give = () => {
    for (let ahead = 0; ahead < ORDERS_AHEAD; ahead += 1)
      for (const [worker, open] of orders) {
        if (open > ahead || waiting.length === 0) continue;
        worker.postMessage(waiting.splice(-FOLDERS_AT_ONCE));
        orders.set(worker, open + 1);
      }
  };
  const answers = answersOf(workers);
  give();
  for await (const [worker, { steps, within }] of answers) {
    orders.set(worker, (orders.get(worker) ?? 0) - 1);
    waiting.push(...within.toReversed());
    give();
    yield* steps;
    if ([...orders.values()].every((open) => open === 0)) return;
  }
}

/** What all threads say; rejects when one fails or ends before its work. */
function answersOf(workers: readonly Worker[]): AsyncIterable<[Worker, Answer]> {
  const answers = new EventEmitter();
  // The first failure ends the iteration; a second one, which may come with it, is nobody's then, and must not end the agent.
  answers.on('error', () => undefined);
  for (const worker of workers) {
    worker.on('message', (answer: Answer) => answers.emit('answer', worker, answer));
    worker.on('error', (error) => answers.emit('error', error));
    worker.on('exit', () =>
      answers.emit('error', new Error('scanning the source: a scanning thread ended before its work did')),
    );
  }
  return on(answers, 'answer') as AsyncIterable<[Worker, Answer]>;
}

/** In a scanning thread: waits for folders to look at, until it is ended, and returns true. */
export function scanIfWorker(): boolean {
  const input = workerData as WorkerInput | null;
  if (isMainThread || input?.purpose !== 'scan') return false;
  parentPort?.on('message', (folders: readonly string[]) => {
    const looks = folders.map((folder) => scanFolder(input.request, folder));
    const answer: Answer = {
      steps: looks.map(({ step }) => step),
      within: looks.flatMap(({ within }) => within),
    };
    parentPort?.postMessage(answer);
  });
  return true;
}
