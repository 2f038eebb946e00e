import { chmod } from 'node:fs/promises';
import { expectationOf, type Expectation } from './fileNames.ts';
import type { InstrumentParts } from './instrumentParts.ts';
import type { FinishedLine, GoneLine } from './ledger.ts';
import { readFinished, type Finished } from './measurementFile.ts';
import type { Oddity } from './oddities.ts';
import { ledgerPath, type SourceName } from './sourceFolder.ts';

type Books = Pick<InstrumentParts, 'folder' | 'ledger' | 'clock'>;

/** What the ledger says of a file beyond its facts. */
export interface Entry {
  oddity?: Oddity;
  expect?: Expectation;
  twin?: string;
  adopted?: true;
}

/** The file stands whole: take note of it and say so in the ledger. */
export async function enter(
  { folder, ledger, clock }: Books,
  file: SourceName,
  finished: Finished,
  entry: Entry,
): Promise<Produced> {
  folder.add({ ...file, ...finished });
  const line: FinishedLine = {
    event: 'finished',
    ...ledgerPath(file),
    ...finished,
    finishedAt: new Date(clock.now()).toISOString(),
    expect: expectationOf(file.name),
    ...entry,
  };
  await ledger.append(line);
  return { files: 1, sizeBytes: finished.sizeBytes };
}

/** The file no longer stands under this name. */
export async function leave(
  { ledger, clock }: Books,
  file: SourceName,
  left: Pick<GoneLine, 'event' | 'to'>,
): Promise<void> {
  await ledger.append({ ...ledgerPath(file), ...left, at: new Date(clock.now()).toISOString() });
}

/** How many bytes reached the source, and the files that stand there. */
export interface Produced {
  files: number;
  sizeBytes: number;
}

/** A file that stands without a line in the ledger: written when the simulator was killed, and left as it is. */
export async function adopt(instrument: Books, file: SourceName): Promise<void> {
  const path = instrument.folder.pathOf(file);
  await chmod(path, 0o644);
  const text = file.name.toString();
  const isTwin = instrument.folder.files().some(({ day, name }) => {
    return (
      day === file.day && !name.equals(file.name) && name.toString().toUpperCase() === text.toUpperCase()
    );
  });
  const expect = isTwin ? 'either' : expectationOf(file.name);
  await enter(instrument, file, await readFinished(path), { expect, adopted: true });
}
