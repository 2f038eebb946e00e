import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallClock } from './clock.ts';
import { caseTwin, drawOddName, expectationOf, fileStem, sequenceOf } from './fileNames.ts';
import { drawSize } from './measurement.ts';
import { drawOddity, noOddities, usualOddityRates } from './oddities.ts';
import { seededBytes, seededRandom } from './random.ts';

const at = wallClock('Australia/Brisbane')(Date.UTC(2026, 10, 22, 14, 22, 33));

describe('names of simulated files', () => {
  it('L1 carry instrument, wall-clock time of its zone and running number', () => {
    expect(at).toEqual({ day: '2026-11-23', stamp: '20261123_002233' });
    expect(fileStem('ARGO3', at, 42)).toBe('ARGO3_20261123_002233_0042');
  });

  it('L1 give the running number back, also above four digits and from names that were changed', () => {
    const names = [
      'ARGO3_20261123_002233_0042.geo',
      'argo3_20261123_002233_12345_final.geo',
      'CON.geo',
      'x_1.geo',
    ];
    expect(names.map(sequenceOf)).toEqual([42, 12345, 0, 0]);
  });

  it('F15 B24 B25 B27 the odd ones are judged as Azure Files judges them', () => {
    const refused = ['a:b', 'a?', 'a\\b', 'a\u0007', 'a\nb', 'a.geo.', 'a.geo ', 'a|b', 'a"b', '...'];
    const archived = [
      'a%41.geo',
      'a 50% & #1 +.geo',
      'a_🧪.geo',
      'a_e\u0301.geo',
      'a~1.geo',
      'CONTENT.geo',
      'COM10.geo',
    ];
    const either = ['CON.geo', 'con', 'LPT1.tar.gz', 'clock$'];
    const judge = (names: string[]) => new Set(names.map((name) => expectationOf(Buffer.from(name))));
    expect([...judge(refused)]).toEqual(['refused']);
    expect([...judge(archived)]).toEqual(['archived']);
    expect([...judge(either)]).toEqual(['either']);
    expect(expectationOf(Buffer.from([0x61, 0xff]))).toBe('refused');
    expect(expectationOf(Buffer.from([0xed, 0xa0, 0x80]))).toBe('refused');
  });

  it('F15 on Windows are names that Windows can hold', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const name = drawOddName('ARGO1_20261122_142233_0042', seededRandom(key), 'win32');
        expect(name.toString()).not.toMatch(/["\\/:|<>*?]|[. ]$|^(?:CON|COM1)/u);
        expect(name.length).toBeLessThanOrEqual(255);
      }),
    );
  });

  it('F15 B26 a twin differs in case and in nothing else', () => {
    expect(caseTwin('ARGO1_0042.geo')).toBe('argo1_0042.geo');
    expect(caseTwin('argo1_0042.geo')).toBe('ARGO1_0042.GEO');
  });
});

describe('draws of the fleet', () => {
  it('L1 are the same for the same key and others for another', () => {
    const draw = (key: string) => [seededRandom(key).next(), seededBytes(key)(40).toString('hex')];
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('L1 content does not depend on the pieces in which it is written', () => {
    const stream = seededBytes('a');
    expect(Buffer.concat([stream(3), stream(1000), stream(21)])).toEqual(seededBytes('a')(1024));
  });

  it('L1 sizes stay within their bounds, most of them around 300 KB', () => {
    const random = seededRandom('sizes');
    const sizes = Array.from({ length: 2000 }, () => drawSize(random, { min: 20_000, max: 20_000_000 }));
    sizes.sort((a, b) => a - b);
    expect(sizes[0]).toBeGreaterThanOrEqual(20_000);
    expect(sizes.at(-1)).toBeLessThanOrEqual(20_000_000);
    expect(sizes[1000]).toBeGreaterThan(250_000);
    expect(sizes[1000]).toBeLessThan(350_000);
  });

  it('F15 every oddity comes up at about its rate, and none when none is wanted', () => {
    const random = seededRandom('oddities');
    const drawn = Array.from({ length: 20_000 }, () => drawOddity(random, usualOddityRates) ?? 'none');
    const counts = Map.groupBy(drawn, (oddity) => oddity);
    for (const [oddity, rate] of Object.entries(usualOddityRates)) {
      const share = (counts.get(oddity as 'growing')?.length ?? 0) / drawn.length;
      expect(share).toBeGreaterThan(rate / 2);
      expect(share).toBeLessThan(rate * 2);
    }
    expect(drawOddity(random, noOddities)).toBeUndefined();
  });
});
