import { enter } from './entries.ts';
import { fileStem } from './fileNames.ts';
import type { InstrumentParts } from './instrumentParts.ts';
import { drawSize } from './measurement.ts';
import { writeMeasurement } from './measurementFile.ts';
import { seededBytes, seededRandom } from './random.ts';

/** How much an instrument has measured before anybody looked. */
export interface History {
  days: number;
  filesPerDay: number;
}

const dayMs = 24 * 60 * 60_000;

/** Fills the date folders of the past days, oldest first, with back-dated files; returns the last running number used. */
export async function writeHistory(
  instrument: InstrumentParts,
  { days, filesPerDay }: History,
): Promise<number> {
  const nowMs = instrument.clock.now();
  let sequence = 0;
  for (let daysAgo = days; daysAgo >= 1; daysAgo -= 1) {
    for (let index = 0; index < filesPerDay; index += 1) {
      sequence += 1;
      // Spread over the 24 hours before the same time of that day: no file is of the future, none of today's last minutes.
      const atMs = nowMs - daysAgo * dayMs + (index * dayMs) / filesPerDay - dayMs / 2;
      await writePastFile(instrument, sequence, atMs);
    }
  }
  return sequence;
}

async function writePastFile(instrument: InstrumentParts, sequence: number, atMs: number): Promise<void> {
  const { folder, name, seed, sizeBytes } = instrument;
  const at = instrument.wallClock(atMs);
  const file = { day: at.day, name: Buffer.from(`${fileStem(name, at, sequence)}.geo`) };
  const key = `${seed}/${name}/${String(sequence)}`;
  await folder.prepare(file.day);
  const finished = await writeMeasurement(folder.pathOf(file), {
    sizeBytes: drawSize(seededRandom(key), sizeBytes),
    minPieces: 1,
    content: seededBytes(key),
    pause: () => Promise.resolve(),
    mtime: new Date(atMs),
  });
  await enter(instrument, file, finished, {});
}
