import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import type { TableRow } from '../../platform/tables/tables.ts';
import { type LoggedRun, type RunLine, rowOfRunLine } from './rows.ts';

/** A run's lines of about a second are written together: a request a line would cost more than the work that it tells of. */
const GATHER_MS = 500;
const AT_ONCE = 4;
const MAX_WAITING = 20_000;
/** After a failure nothing is written for so long, and what comes meanwhile is left out. */
const PAUSE_MS = 30_000;

/**
 * Keeps lines with their run, soon and in the background: it never fails, and no run waits for it. Left out when there
 * is more to write than can be written, or when the storage is away; the process's own log has every line in any case.
 */
export function recordRunLines(services: Services, run: LoggedRun, lines: readonly RunLine[]): void {
  recorderOf(services).add(run, lines);
}

/** Resolves when what was recorded before is written, or was left out. */
export async function runLinesWritten(services: Services): Promise<void> {
  await recorderOf(services).written();
}

const recorderOf = perServices(createRecorder);

function createRecorder({ tables, log, now, newId }: Services) {
  // With the count, it tells lines of one millisecond apart, whichever host has written them.
  const origin = newId().slice(-8);
  /** By table and run. */
  let waiting = new Map<string, { readonly table: string; readonly rows: TableRow[] }>();
  let waitingRows = 0;
  let sequence = 0;
  let shed = 0;
  let pausedUntilMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const writeOne = async ({ table, rows }: { table: string; rows: readonly TableRow[] }): Promise<void> => {
    if (now().getTime() < pausedUntilMs) {
      shed += rows.length;
      return;
    }
    try {
      await tables.upsert(table, rows);
    } catch (error) {
      shed += rows.length;
      pausedUntilMs = now().getTime() + PAUSE_MS;
      log.warn('lines of runs are not kept', { error, shed });
      shed = 0;
    }
  };
  const writeWaiting = async (): Promise<void> => {
    const batches = [...waiting.values()];
    waiting = new Map();
    waitingRows = 0;
    for (let from = 0; from < batches.length; from += AT_ONCE)
      await Promise.all(batches.slice(from, from + AT_ONCE).map(writeOne));
  };
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeWaiting);
    return writing;
  };
  const leftOut = (error: unknown): void => log.warn('lines of runs are not kept', { error });
  return {
    add: (run: LoggedRun, lines: readonly RunLine[]): void => {
      if (waitingRows + lines.length > MAX_WAITING || now().getTime() < pausedUntilMs) {
        shed += lines.length;
        return;
      }
      for (const line of lines) {
        sequence += 1;
        const { table, row } = rowOfRunLine(run, line, `${String(sequence).padStart(9, '0')}-${origin}`);
        const key = `${table}\n${run.runId}`;
        const batch = waiting.get(key) ?? { table, rows: [] };
        waiting.set(key, batch);
        batch.rows.push(row);
      }
      waitingRows += lines.length;
      timer ??= setTimeout(() => {
        write().catch(leftOut);
      }, GATHER_MS);
    },
    written: write,
  };
}
