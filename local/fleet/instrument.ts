import { dirname, join } from 'node:path';
import type { Log } from '../log.ts';
import { systemClock, wallClock, type FleetClock } from './clock.ts';
import { adopt, leave } from './entries.ts';
import { sequenceOf } from './fileNames.ts';
import { writeHistory, type History } from './history.ts';
import type { InstrumentParts } from './instrumentParts.ts';
import { foldLedger, openLedger, type LedgerFile } from './ledger.ts';
import { takeMeasurement } from './measurement.ts';
import { drawOddity, usualOddityRates, type OddityRates } from './oddities.ts';
import { seededRandom } from './random.ts';
import { ledgerPath, openSourceFolder } from './sourceFolder.ts';

export interface InstrumentOptions {
  /** The source folder of this instrument; date folders are made in it. */
  dir: string;
  /** `ARGO3`; file names begin with it. */
  name: string;
  /** The same seed makes the same sequence of sizes, oddities and contents. */
  seed: string;
  /** The oldest file is deleted when there are more. */
  capFiles: number;
  /** On average; 0 makes no new files. */
  filesPerMinute: number;
  sizeBytes: { min: number; max: number };
  log: Log;
  clock?: FleetClock;
  /** IANA name; the zone of this machine when left out. */
  timeZone?: string;
  /** `<dir>/../ledger/<name>.jsonl` when left out; never inside `dir`. */
  ledgerPath?: string;
  writeMs?: { min: number; max: number };
  oddityRates?: OddityRates;
  /** Written only into a folder that holds nothing yet and has no ledger. */
  history?: History;
}

export interface InstrumentStats {
  name: string;
  /** Files and bytes finished since the start, history left out. */
  finishedFiles: number;
  finishedBytes: number;
  purgedFiles: number;
  /** Measurements that a file-system error ended; each is in the log. */
  failedFiles: number;
  /** Files that stand on the source now. */
  standingFiles: number;
  filesBeingWritten: number;
}

export interface Instrument {
  readonly name: string;
  /** The source folder. */
  readonly dir: string;
  readonly ledgerPath: string;
  stats(): InstrumentStats;
  /** Finishes what is being written, without delay, and stops; repeating it changes nothing. */
  close(): Promise<void>;
}

/** A slow disk must not let unfinished measurements pile up: beyond this the instrument waits. */
const mostInFlight = 48;

/**
 * Starts one instrument. On a folder that it wrote before it goes on: with the next running number, and with a ledger line for
 * each file that a kill left without one. A file-system error costs one measurement and is logged.
 */
export async function startInstrument(options: InstrumentOptions): Promise<Instrument> {
  const { dir, name, log, clock = systemClock } = options;
  const path = options.ledgerPath ?? join(dirname(dir), 'ledger', `${name}.jsonl`);
  const stop = new AbortController();
  const parts: InstrumentParts = {
    name,
    seed: options.seed,
    folder: await openSourceFolder(dir),
    ledger: await openLedger(path),
    clock,
    wallClock: wallClock(options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone),
    sizeBytes: options.sizeBytes,
    writeMs: options.writeMs ?? { min: 1000, max: 5000 },
    platform: process.platform,
    signal: stop.signal,
  };
  const stats = { name, finishedFiles: 0, finishedBytes: 0, purgedFiles: 0, failedFiles: 0 };
  const inFlight = new Set<Promise<void>>();
  let sequence = await takeUp(parts, await foldLedger(path), options.history);

  async function purge(): Promise<void> {
    const purged = await parts.folder.purge(options.capFiles, parts.wallClock(clock.now()).day);
    stats.purgedFiles += purged.length;
    for (const file of purged) await leave(parts, file, { event: 'purged' });
  }

  async function measure(number: number): Promise<void> {
    const random = seededRandom(`${options.seed}/${name}/${String(number)}`);
    const oddity = drawOddity(random, options.oddityRates ?? usualOddityRates);
    try {
      const produced = await takeMeasurement(parts, { sequence: number, random, oddity });
      stats.finishedFiles += produced.files;
      stats.finishedBytes += produced.sizeBytes;
      await purge();
    } catch (error) {
      stats.failedFiles += 1;
      log('warning', `${name}: writing measurement ${String(number)} failed`, { oddity, error });
    }
  }

  async function produce(): Promise<void> {
    const pace = seededRandom(`${options.seed}/${name}/pace from ${String(sequence)}`);
    for (;;) {
      await clock.wait((60_000 / options.filesPerMinute) * pace.between(0.5, 1.5), stop.signal);
      if (inFlight.size >= mostInFlight) await Promise.race(inFlight);
      if (stop.signal.aborted) return;
      sequence += 1;
      const turn: Promise<void> = measure(sequence).finally(() => inFlight.delete(turn));
      inFlight.add(turn);
    }
  }

  await purge();
  const producing = options.filesPerMinute > 0 ? produce() : Promise.resolve();
  return {
    name,
    dir,
    ledgerPath: path,
    stats: () => ({ ...stats, standingFiles: parts.folder.files().length, filesBeingWritten: inFlight.size }),
    async close() {
      stop.abort();
      await producing;
      await Promise.all(inFlight);
    },
  };
}

/** Brings ledger and folder together, writes the history of a new instrument, and returns the last running number used. */
async function takeUp(
  parts: InstrumentParts,
  known: Map<string, LedgerFile>,
  history: History | undefined,
): Promise<number> {
  const standing = parts.folder.files();
  if (standing.length === 0 && known.size === 0) return history ? writeHistory(parts, history) : 0;
  const unseen = new Map([...known].filter(([, { gone }]) => gone === undefined));
  for (const file of standing) {
    const { path, pathHex } = ledgerPath(file);
    const last = unseen.get(pathHex ?? path)?.versions.at(-1);
    unseen.delete(pathHex ?? path);
    const isKnown = last?.sizeBytes === file.sizeBytes && last.mtimeMs === file.mtimeMs;
    if (!isKnown) await adopt(parts, file);
  }
  // Deleted, and killed before the ledger had it.
  for (const { path, pathHex } of unseen.values()) {
    const at = new Date(parts.clock.now()).toISOString();
    await parts.ledger.append({ event: 'purged', path, ...(pathHex === undefined ? {} : { pathHex }), at });
  }
  const names = [
    ...standing.map(({ name }) => name.toString()),
    ...[...known.values()].map(({ path }) => path),
  ];
  return names.reduce((highest, name) => Math.max(highest, sequenceOf(name)), 0);
}
