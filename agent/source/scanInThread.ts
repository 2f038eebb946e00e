import { on } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  requireRoot,
  requireSource,
  type ScanRequest,
  type ScanSource,
  type ScanStep,
  walkSource,
} from './scan.ts';

/** Steps that travel together. */
const BATCH = 100;
/** A walker makes little garbage; V8's usual young generation would triple its memory. */
const YOUNG_GENERATION_MB = 4;

interface WorkerInput {
  readonly purpose: 'scan';
  readonly request: ScanRequest;
}

type WorkerMessage = { readonly steps: ScanStep[] } | { readonly ended: true };

/**
 * Scans in a thread of its own, so that a large source holds up neither heartbeats nor the server's answers. `entry` is
 * the program's own file: its first act in a thread is `scanIfWorker`.
 */
export function scanInThread(entry: URL): ScanSource {
  return async function* scan(request) {
    requireSource(request.root);
    const worker = new Worker(entry, {
      workerData: { purpose: 'scan', request } satisfies WorkerInput,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    try {
      for await (const step of stepsOf(worker)) yield requireRoot(request.root, step);
    } finally {
      await worker.terminate();
    }
  };
}

async function* stepsOf(worker: Worker): AsyncGenerator<ScanStep> {
  const messages = on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[WorkerMessage]>;
  for await (const [message] of messages) {
    if ('ended' in message) return;
    yield* message.steps;
  }
  throw new Error('scanning the source: the scanning thread ended before its work did');
}

/** In a scanning thread: does the thread's work and returns true. */
export function scanIfWorker(): boolean {
  const input = workerData as WorkerInput | null;
  if (isMainThread || input?.purpose !== 'scan') return false;
  let batch: ScanStep[] = [];
  const send = (message: WorkerMessage) => parentPort?.postMessage(message);
  for (const step of walkSource(input.request)) {
    batch.push(step);
    if (batch.length < BATCH) continue;
    send({ steps: batch });
    batch = [];
  }
  send({ steps: batch });
  send({ ended: true });
  return true;
}
