import { expect, it } from 'vitest';
import { expectedUntilPurge } from './purgeCurve.ts';
import { forecastPurge, type SourceFacts } from './purgeForecast.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const source: SourceFacts = {
  scheduleSeconds: 300,
  measuredAt: now,
  sourceCap: 1000,
  sourceCount: 940,
  backlogCount: 40,
  backlogBytes: 40_000,
  purgeAhead: 59,
  producedLastHour: 40,
  producedLastDay: 500,
  producedPeakHour: 40,
  seenPeakHour: null,
  seenPeakDay: null,
  seenWeeks: null,
  uploadBytesPerSecond: null,
  uploadFilesPerHour: null,
};
const curve = (more: Partial<SourceFacts> = {}) => {
  const facts = { ...source, ...more };
  return expectedUntilPurge(facts, forecastPurge(facts, now), now);
};

it('F14 the picture goes from now to the purge: the source fills to its cap, and the files until the purge run out', () => {
  const points = curve();
  expect(points[0]).toEqual({ at: now, sourceCount: 940, filesUntilPurge: 120 });
  expect(points.at(-1)?.at).toEqual(new Date(now.getTime() + 3 * 3_600_000));
  expect(points.at(-1)).toMatchObject({ sourceCount: 1000, filesUntilPurge: 0 });
  expect(points.map((point) => point.filesUntilPurge)).toEqual(
    points.map((point) => point.filesUntilPurge).toSorted((a, b) => b - a),
  );
});

it('F14 nothing is drawn where nothing is forecast', () => {
  expect(curve({ backlogCount: 0 })).toEqual([]);
  expect(curve({ purgeAhead: null })).toEqual([]);
  expect(curve({ purgeAhead: 0, sourceCount: 1001 })).toEqual([]);
});
