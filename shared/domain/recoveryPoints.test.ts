import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CopyFacts, recoveryPoints } from './recoveryPoints.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const facts: CopyFacts = {
  archivedFiles: 10_000,
  archivedBytes: 10_000_000,
  sinceSnapshotFiles: 900,
  sinceSnapshotBytes: 900_000,
  snapshotAt: hoursAgo(9),
  snapshotsKnown: true,
  lateFiles: 30,
  lateBytes: 30_000,
  redundancy: 'LRS',
  sourceCount: 500,
  backlogCount: 100,
  backlogBytes: 100_000,
  measuredAt: now,
  scheduleSeconds: 300,
  sourceCap: 500,
  purgeAhead: 400,
  producedLastHour: 10,
  producedLastDay: 100,
  producedPeakHour: 10,
  seenPeakHour: null,
  seenPeakDay: null,
  seenWeeks: null,
  uploadBytesPerSecond: null,
  uploadFilesPerHour: null,
};
const lossOf = (loss: string, more: Partial<CopyFacts> = {}) =>
  recoveryPoints({ ...facts, ...more }, now).find((point) => point.loss === loss);

describe('recoveryPoints', () => {
  it('S16 of a lost share comes back what the snapshot has and what still stands on the instrument', () => {
    expect(lossOf('share')).toEqual({
      loss: 'share',
      files: 500,
      bytes: 500_000,
      sentence:
        'The newest snapshot is 9 h old; up to 500 files that may no longer stand on the instrument (measured 0 s ago) would be gone. What was written in the last minutes is not counted.',
    });
    expect(lossOf('share', { snapshotAt: null })).toMatchObject({ files: 9600 });
    expect(lossOf('share', { snapshotsKnown: false })).toMatchObject({ files: null });
  });

  it('S16 of a lost region nothing comes back with one region, and all but the last minutes with two', () => {
    expect(lossOf('region')).toMatchObject({ files: 9600, bytes: 9_600_000 });
    expect(lossOf('region', { redundancy: 'GZRS', sourceCount: 110 })).toMatchObject({ files: 20 });
  });

  it('S16 B15 what stood on the instrument long ago is not counted on: what may have been deleted since is taken off', () => {
    const full = { sourceCap: 20_000, sourceCount: 20_000, backlogCount: 0, archivedFiles: 20_000 };
    expect(lossOf('region', full)).toMatchObject({
      files: null,
      sentence:
        'LRS keeps files and snapshots in one region only; all that is known of still stands on the instrument (measured 0 s ago) and would be archived again. What was written in the last minutes is not counted.',
    });
    expect(lossOf('region', { ...full, measuredAt: hoursAgo(72) })).toMatchObject({ files: 300 });
    expect(lossOf('region', { ...full, sourceCount: 19_800, measuredAt: hoursAgo(72) })).toMatchObject({
      files: 300,
    });
    const month = { ...full, producedLastDay: 1000, producedPeakHour: 100, measuredAt: hoursAgo(30 * 24) };
    expect(lossOf('region', month)).toMatchObject({
      files: 20_000,
      sentence:
        'LRS keeps files and snapshots in one region only; up to 20,000 files that may no longer stand on the instrument (measured 30 days ago) would be gone. What was written in the last minutes is not counted.',
    });
  });

  it('S16 where nobody knows how fast files go, only a fresh measurement is counted on', () => {
    const silent = { producedLastHour: null, producedLastDay: null, producedPeakHour: null };
    const quiet = { producedLastHour: 0, producedLastDay: 0, producedPeakHour: 0 };
    for (const unknown of [silent, quiet, { sourceCap: null }]) {
      expect(lossOf('region', unknown)).toMatchObject({ files: 9600 });
      expect(lossOf('region', { ...unknown, measuredAt: hoursAgo(1) })).toMatchObject({ files: 10_000 });
    }
    const idle = { ...quiet, seenPeakHour: 0, seenPeakDay: 0, seenWeeks: 4 };
    expect(lossOf('region', { ...idle, measuredAt: hoursAgo(1) })).toMatchObject({ files: 9600 });
    expect(lossOf('region', { measuredAt: null })).toMatchObject({ files: 10_000 });
  });

  it('S16 with the instrument goes what is not archived yet', () => {
    expect(lossOf('instrument')).toMatchObject({ files: 100, bytes: 100_000 });
    expect(lossOf('instrument', { backlogCount: null })).toMatchObject({ files: null, bytes: null });
  });

  it('S16 nothing is ever a claimed zero', () => {
    const count = fc.nat({ max: 50 });
    const any = fc.record({
      archivedFiles: count,
      archivedBytes: count,
      sinceSnapshotFiles: count,
      sinceSnapshotBytes: count,
      snapshotAt: fc.option(fc.constant(hoursAgo(3))),
      snapshotsKnown: fc.boolean(),
      lateFiles: count,
      lateBytes: count,
      redundancy: fc.constantFrom('LRS', 'ZRS', 'GRS', 'GZRS'),
      sourceCount: fc.option(count),
      backlogCount: fc.option(count),
      backlogBytes: fc.option(count),
      measuredAt: fc.option(fc.constant(hoursAgo(1))),
      sourceCap: fc.option(count),
      producedPeakHour: fc.option(count),
    });
    fc.assert(
      fc.property(any, (some) => {
        for (const { files, sentence } of recoveryPoints({ ...facts, ...some }, now)) {
          expect(files).not.toBe(0);
          expect(sentence).toMatch(/not counted\.$|could not be asked\.$|not measured/);
        }
      }),
    );
  });
});
