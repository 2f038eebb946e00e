import { chmod, rename, rm } from 'node:fs/promises';
import { enter, leave, type Entry, type Produced } from './entries.ts';
import { caseTwin, drawOddName, fileStem } from './fileNames.ts';
import type { InstrumentParts } from './instrumentParts.ts';
import { changeMeasurement, writeMeasurement, type Finished } from './measurementFile.ts';
import type { Oddity } from './oddities.ts';
import { seededBytes, type Random } from './random.ts';
import { ledgerPath, type SourceName } from './sourceFolder.ts';

/** One measurement: everything about it follows from the instrument's seed and the running number. */
export interface Measurement {
  sequence: number;
  random: Random;
  oddity: Oddity | undefined;
}

const none: Produced = { files: 0, sizeBytes: 0 };

/** Writes one measurement, with its oddity, and enters it into the ledger; resolves when nothing more will happen to it. */
export async function takeMeasurement(
  instrument: InstrumentParts,
  measurement: Measurement,
): Promise<Produced> {
  const { folder } = instrument;
  const file = nameMeasurement(instrument, measurement);
  await folder.prepare(file.day);
  const finished = await writeSlowly(instrument, measurement, file);
  switch (measurement.oddity) {
    case 'vanishing':
      return vanish(instrument, measurement, file);
    case 'renamed':
      return renameSoon(instrument, measurement, file, finished);
    case 'locked':
      return lockForAWhile(instrument, measurement, file, finished);
    case 'twins':
      return addTwin(instrument, measurement, file, finished);
    case 'changed':
      return changeLater(instrument, measurement, file, finished);
    case 'growing':
    case 'named':
    case 'empty':
    case undefined:
      return enter(instrument, file, finished, describe(measurement));
  }
}

function nameMeasurement(instrument: InstrumentParts, { sequence, random, oddity }: Measurement): SourceName {
  const at = instrument.wallClock(instrument.clock.now());
  const stem = fileStem(instrument.name, at, sequence);
  const name =
    oddity === 'named' ? drawOddName(stem, random, instrument.platform) : Buffer.from(`${stem}.geo`);
  return { day: at.day, name };
}

/** Sizes of real measurements: most around 300 KB, a few of many megabytes. */
export function drawSize(random: Random, { min, max }: { min: number; max: number }): number {
  return random.logNormal({ median: 300_000, sigma: 1, min, max });
}

async function writeSlowly(
  instrument: InstrumentParts,
  { sequence, random, oddity }: Measurement,
  file: SourceName,
  content = '',
): Promise<Finished> {
  const { clock, signal, writeMs } = instrument;
  const isGrowing = oddity === 'growing';
  // A growing file gets a piece every five to ten seconds, well inside the time after which a file counts as quiet.
  const minPieces = isGrowing ? 24 : 4;
  const durationMs = isGrowing ? random.between(120_000, 240_000) : random.between(writeMs.min, writeMs.max);
  return writeMeasurement(instrument.folder.pathOf(file), {
    sizeBytes: oddity === 'empty' ? 0 : drawSize(random, instrument.sizeBytes),
    minPieces,
    content: seededBytes(`${instrument.seed}/${instrument.name}/${String(sequence)}${content}`),
    pause: (part) => clock.wait(part * durationMs, signal),
  });
}

async function vanish(
  instrument: InstrumentParts,
  { random }: Measurement,
  file: SourceName,
): Promise<Produced> {
  await instrument.clock.wait(random.between(1000, 4000), instrument.signal);
  await rm(instrument.folder.pathOf(file), { force: true });
  await leave(instrument, file, { event: 'vanished' });
  return none;
}

async function renameSoon(
  instrument: InstrumentParts,
  measurement: Measurement,
  file: SourceName,
  finished: Finished,
): Promise<Produced> {
  await instrument.clock.wait(measurement.random.between(1000, 15_000), instrument.signal);
  const renamed = { day: file.day, name: Buffer.from(file.name.toString().replace('.geo', '_final.geo')) };
  await rename(instrument.folder.pathOf(file), instrument.folder.pathOf(renamed));
  await leave(instrument, file, { event: 'renamed', to: ledgerPath(renamed).path });
  return enter(instrument, renamed, finished, describe(measurement));
}

async function lockForAWhile(
  instrument: InstrumentParts,
  measurement: Measurement,
  file: SourceName,
  finished: Finished,
): Promise<Produced> {
  const path = instrument.folder.pathOf(file);
  await chmod(path, 0o000);
  await instrument.clock.wait(measurement.random.between(60_000, 120_000), instrument.signal);
  await chmod(path, 0o644);
  return enter(instrument, file, finished, describe(measurement));
}

async function addTwin(
  instrument: InstrumentParts,
  measurement: Measurement,
  file: SourceName,
  finished: Finished,
): Promise<Produced> {
  const twin = { day: file.day, name: Buffer.from(caseTwin(file.name.toString())) };
  const twinFinished = await writeSlowly(instrument, measurement, twin, ' twin');
  const entry = { oddity: 'twins', expect: 'either' } as const;
  const first = await enter(instrument, file, finished, { ...entry, twin: ledgerPath(twin).path });
  const second = await enter(instrument, twin, twinFinished, { ...entry, twin: ledgerPath(file).path });
  return { files: first.files + second.files, sizeBytes: first.sizeBytes + second.sizeBytes };
}

async function changeLater(
  instrument: InstrumentParts,
  measurement: Measurement,
  file: SourceName,
  finished: Finished,
): Promise<Produced> {
  const { folder, clock, signal, seed, name } = instrument;
  const produced = await enter(instrument, file, finished, describe(measurement));
  await clock.wait(measurement.random.between(60_000, 180_000), signal);
  if (signal.aborted || !folder.take(file)) return produced;
  const content = seededBytes(`${seed}/${name}/${String(measurement.sequence)} changed`);
  const changed = await changeMeasurement(folder.pathOf(file), {
    head: content(1024),
    tail: content(Math.round(measurement.random.between(4096, 65_536))),
  });
  await enter(instrument, file, changed, describe(measurement));
  return produced;
}

function describe({ oddity }: Measurement): Entry {
  return oddity === undefined ? {} : { oddity };
}
