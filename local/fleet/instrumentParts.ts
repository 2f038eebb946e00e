import type { FleetClock, NameTime } from './clock.ts';
import type { Ledger } from './ledger.ts';
import type { SourceFolder } from './sourceFolder.ts';

/** What the turns of one instrument share. */
export interface InstrumentParts {
  name: string;
  seed: string;
  folder: SourceFolder;
  ledger: Ledger;
  clock: FleetClock;
  wallClock: (atMs: number) => NameTime;
  sizeBytes: { min: number; max: number };
  /** How long the writing of an ordinary file takes. */
  writeMs: { min: number; max: number };
  platform: NodeJS.Platform;
  /** Aborts when the instrument is to stop: what is being written is finished without delay. */
  signal: AbortSignal;
}
