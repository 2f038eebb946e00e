import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downtimeGaps, silenceMs, uptimeAgo } from './downtime.ts';

const minute = 60_000;
const at = (minutes: number): Date => new Date(Date.UTC(2026, 10, 22) + minutes * minute);

describe('downtime', () => {
  it('S1 takes the platform’s own downtime out of a silence', () => {
    const ticks = [0, 1, 2, 3, 120, 121].map(at);
    const gaps = downtimeGaps(ticks, at(122), 3 * minute);
    expect(gaps).toEqual([{ from: at(3), to: at(120) }]);
    expect(silenceMs(at(2), at(122), gaps)).toBe(3 * minute);
  });

  it('S1 counts the time up to now as downtime when the last tick is long ago', () => {
    const gaps = downtimeGaps([at(0)], at(60), 3 * minute);
    expect(silenceMs(at(0), at(60), gaps)).toBe(0);
  });

  it('S1 knows nothing before the first tick, so a silence there counts', () => {
    expect(silenceMs(at(0), at(60), downtimeGaps([at(59)], at(60), 3 * minute))).toBe(60 * minute);
  });

  it('O1 looks back over uptime only: since that moment the silence is as long as was asked', () => {
    const ticks = fc.array(fc.integer({ min: 0, max: 500 }).map(at), { maxLength: 20 });
    fc.assert(
      fc.property(ticks, fc.integer({ min: 0, max: 600 }), (moments, minutes) => {
        const gaps = downtimeGaps(moments, at(500), 3 * minute);
        const then = uptimeAgo(minutes * minute, at(500), gaps);
        expect(silenceMs(then, at(500), gaps)).toBe(minutes * minute);
      }),
    );
  });

  it('S1 B15 is never negative, whatever the clocks say', () => {
    const moments = fc.array(fc.integer({ min: -500, max: 500 }).map(at), { maxLength: 20 });
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: -500, max: 500 }),
        fc.integer({ min: -500, max: 500 }),
        (ticks, last, now) => {
          const silence = silenceMs(at(last), at(now), downtimeGaps(ticks, at(now), 3 * minute));
          expect(silence).toBeGreaterThanOrEqual(0);
          expect(silence).toBeLessThanOrEqual(Math.max(0, (now - last) * minute));
        },
      ),
    );
  });
});
