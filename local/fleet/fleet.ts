import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { FleetClock } from './clock.ts';
import type { History } from './history.ts';
import { startInstrument, type Instrument, type InstrumentStats } from './instrument.ts';
import type { OddityRates } from './oddities.ts';

export interface FleetOptions {
  /** Holds a source folder per instrument (`ARGO1` …) and beside them `ledger`. */
  dir: string;
  /** How many instruments; 6 when left out. */
  count?: number;
  /** Files per minute and instrument; 6 when left out. */
  rate?: number;
  /** Files per instrument before the oldest is deleted; 400 when left out. */
  capFiles?: number;
  /** 20 KB to 20 MB when left out. */
  sizeBytes?: { min: number; max: number };
  seed?: string;
  log: Log;
  clock?: FleetClock;
  timeZone?: string;
  writeMs?: { min: number; max: number };
  oddityRates?: OddityRates;
  /** Three days of twenty files when left out. */
  history?: History;
}

export interface Fleet {
  readonly instruments: readonly Instrument[];
  stats(): InstrumentStats[];
  /** Finishes what is being written and stops all instruments; repeating it changes nothing. */
  close(): Promise<void>;
}

/** The names of a fleet: `ARGO1`, `ARGO2`, … */
export function instrumentNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `ARGO${String(index + 1)}`);
}

/** Starts the instruments of one site, all in this process; resolves when each has its history and produces. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { dir, count = 6, rate = 6, seed = 'argo', capFiles = 400, ...rest } = options;
  const instruments: Instrument[] = [];
  // One after the other: the history of all at once would only make each of them wait for the disk.
  for (const name of instrumentNames(count)) {
    instruments.push(
      await startInstrument({
        sizeBytes: { min: 20_000, max: 20_000_000 },
        history: { days: 3, filesPerDay: 20 },
        ...rest,
        dir: join(dir, name),
        name,
        seed,
        capFiles,
        filesPerMinute: rate,
      }),
    );
  }
  return {
    instruments,
    stats: () => instruments.map((instrument) => instrument.stats()),
    async close() {
      await Promise.all(instruments.map((instrument) => instrument.close()));
    },
  };
}
