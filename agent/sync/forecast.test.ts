import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderTimes, type FolderTimes } from '../source/folderTimes.ts';
import { purgeClock } from './purgeOrder.ts';
import { DAY_MS, HOUR_MS, productionOf, sourceTimes } from './sourceTimes.ts';
import { measureUploads } from './uploadRate.ts';
import { uploadTurns } from './uploadTurns.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

function folderOf(times: readonly number[], sinceMs = NOW - DAY_MS): FolderTimes {
  return folderTimes(
    { facts: Float64Array.from(times.flatMap((at) => [1, at, 0, 0])) },
    { all: true, sinceMs },
  );
}

const times = fc.array(fc.integer({ min: NOW - 3 * DAY_MS, max: NOW }), { maxLength: 60 });

describe('sourceTimes', () => {
  it('F14 counts what lies before a time over all folders, exactly', () => {
    fc.assert(
      fc.property(
        fc.array(times, { maxLength: 6 }),
        fc.integer({ min: NOW - 3 * DAY_MS, max: NOW + 1 }),
        (folders, ms) => {
          const source = sourceTimes(folders.map((each) => folderOf(each)));
          const all = folders.flat();
          expect(source.count).toBe(all.length);
          expect(source.countBefore(ms)).toBe(all.filter((at) => at < ms).length);
        },
      ),
    );
  });

  it('F14 a sealed folder, of which only the ends are known, counts as spread evenly between them', () => {
    const sealed = { count: 100, oldestMs: 1000, newestMs: 2000, recent: new Float64Array() };
    const source = sourceTimes([sealed]);
    expect([0, 1000, 1500, 2001].map(source.countBefore)).toEqual([0, 0, 50, 100]);
  });
});

describe('productionOf', () => {
  it('F14 finds the fullest 60 minutes wherever they lie, and the last hour and day', () => {
    fc.assert(
      fc.property(fc.array(times, { maxLength: 4 }), (folders) => {
        const all = folders.flat().filter((at) => at > NOW - DAY_MS);
        const peaks = all.map((end) => all.filter((at) => at <= end && at > end - HOUR_MS).length);
        expect(
          productionOf(
            folders.map((each) => folderOf(each)),
            NOW,
          ),
        ).toEqual({
          lastHour: all.filter((at) => at > NOW - HOUR_MS).length,
          lastDay: all.length,
          peakHour: Math.max(0, ...peaks),
        });
      }),
    );
  });

  it('B15 F14 files a little ahead of the clock count as now, those far ahead as nothing', () => {
    const ahead = folderOf([NOW + 60_000, NOW + 30 * DAY_MS]);
    expect(productionOf([ahead], NOW)).toEqual({ lastHour: 1, lastDay: 1, peakHour: 1 });
  });
});

describe('purgeClock', () => {
  const source = (count: number) =>
    sourceTimes([folderOf(Array.from({ length: count }, (_, n) => NOW - DAY_MS + n))]);

  it('F14 without a cap nothing is deleted', () => {
    expect(purgeClock(source(5), null, { peakHour: 9 }).deletionInMs(NOW)).toBe(Infinity);
  });

  it('F14 reckons a deletion by the files before it, the room under the cap and twice the fullest hour', () => {
    const clock = purgeClock(source(100), 150, { peakHour: 30 });
    // 50 files of room, 40 before it, 10 in reserve: 80 files at 60 an hour.
    expect(clock.deletionInMs(NOW - DAY_MS + 40)).toBe((80 / 60) * HOUR_MS);
    const full = purgeClock(source(100), 100, { peakHour: 0 });
    expect(full.deletionInMs(NOW - DAY_MS + 10)).toBe(0);
    expect(full.deletionInMs(NOW - DAY_MS + 11)).toBe(HOUR_MS / 1);
  });

  it('F14 never reckons an older file later than a younger one, nor later than at twice the fullest hour', () => {
    const cap = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(times, cap, fc.integer({ min: 0, max: 1000 }), (all, most, peakHour) => {
        const clock = purgeClock(sourceTimes([folderOf(all)]), most, { peakHour });
        const sorted = all.toSorted((a, b) => a - b);
        const reckoned = sorted.map((at) => clock.deletionInMs(at));
        expect(reckoned).toEqual(reckoned.toSorted((a, b) => a - b));
        for (const [index, inMs] of reckoned.entries()) {
          const filesFirst = Math.max(0, most - all.length) + index;
          expect(inMs).toBeLessThanOrEqual((filesFirst * HOUR_MS) / Math.max(1, 2 * peakHour));
        }
      }),
    );
  });
});

describe('uploadTurns', () => {
  it('F14 the job whose next file is closest to deletion goes first; where none is close, they take turns', async () => {
    const turns = uploadTurns(1);
    const order: string[] = [];
    const leave = await turns.take(Infinity);
    const wanted: [string, number][] = [
      ['far', Infinity],
      ['in a month', 30 * DAY_MS],
      ['in an hour', HOUR_MS],
      ['in a minute', 60_000],
    ];
    const all = wanted.map(async ([name, inMs]) => {
      const done = await turns.take(inMs);
      order.push(name);
      done();
    });
    leave();
    await Promise.all(all);
    expect(order).toEqual(['in a minute', 'in an hour', 'far', 'in a month']);
  });

  it('B10 never lets more in than the limit, and everybody in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        async (limit, nears) => {
          const turns = uploadTurns(limit);
          let inside = 0;
          let most = 0;
          await Promise.all(
            nears.map(async (near) => {
              const leave = await turns.take(near);
              inside += 1;
              most = Math.max(most, inside);
              await Promise.resolve();
              inside -= 1;
              leave();
            }),
          );
          expect(most).toBeLessThanOrEqual(limit);
          expect(inside).toBe(0);
        },
      ),
    );
  });
});

describe('measureUploads', () => {
  it('F14 says null before the first upload, and counts only the time in which it uploaded', () => {
    const clock = { ms: 0 };
    const uploads = measureUploads(() => clock.ms);
    expect(uploads.rates()).toEqual({ bytesPerSecond: null, filesPerHour: null });
    const first = uploads.begin();
    clock.ms += 10_000;
    expect(uploads.rates()).toEqual({ bytesPerSecond: null, filesPerHour: null });
    for (let file = 0; file < 5; file += 1) first.archived(4000);
    expect(uploads.rates()).toEqual({ bytesPerSecond: 2000, filesPerHour: 1800 });
    first.end();
    clock.ms += 3 * HOUR_MS;
    expect(uploads.rates()).toEqual({ bytesPerSecond: 2000, filesPerHour: 1800 });
  });

  it('F14 forgets what is more than half an hour of uploading ago, and cycles that archived nothing', () => {
    const clock = { ms: 0 };
    const uploads = measureUploads(() => clock.ms);
    const spend = (minutes: number, files: number) => {
      const stretch = uploads.begin();
      clock.ms += minutes * 60_000;
      for (let file = 0; file < files; file += 1) stretch.archived(1);
      stretch.end();
    };
    spend(20, 1000);
    spend(10, 0);
    spend(30, 30);
    expect(uploads.rates().filesPerHour).toBe(60);
  });
});
