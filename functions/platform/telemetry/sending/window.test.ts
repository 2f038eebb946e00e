import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Offered, Window } from './window.ts';

const offered = fc.record({
  isError: fc.boolean(),
  fingerprint: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  lot: fc.double({ min: 0, max: 1, noNaN: true }),
});
const bounds = fc.record({
  ordinary: fc.integer({ min: 1, max: 10 }),
  errors: fc.integer({ min: 1, max: 10 }),
});

const error = (fingerprint: string): Offered => ({ isError: true, fingerprint, lot: 0 });

describe('Window', () => {
  it('B36 keeps no more than its bounds, counts what it leaves out, and what it keeps stands for all', () => {
    fc.assert(
      fc.property(bounds, fc.array(offered, { maxLength: 200 }), (most, all) => {
        const window = new Window<Offered>(most);
        for (const one of all) window.offer(one, one);
        const { kept, leftOut } = window.close();
        const ordinary = kept.filter(({ item }) => !item.isError);
        const errors = kept.filter(({ item }) => item.isError);
        const kinds = new Set(all.filter(({ isError }) => isError).map(({ fingerprint }) => fingerprint));
        expect(ordinary.length).toBeLessThanOrEqual(most.ordinary);
        expect(errors.length).toBeLessThanOrEqual(most.errors + kinds.size);
        expect(kept.length + leftOut).toBe(all.length);
        expect(kept.reduce((sum, { standsFor }) => sum + standsFor, 0)).toBeCloseTo(all.length);
        // Of each kind of failure one at least.
        expect(new Set(errors.map(({ item }) => item.fingerprint))).toEqual(kinds);
        expect(window.isEmpty).toBe(true);
      }),
    );
  });

  it('D5 keeps every error while there is room for errors, however much else there is', () => {
    const window = new Window<string>({ ordinary: 5, errors: 100 });
    for (let n = 0; n < 10_000; n += 1)
      window.offer('call', { isError: false, fingerprint: '', lot: n / 10_000 });
    for (let n = 0; n < 100; n += 1) window.offer('failure', error('same'));
    const { kept } = window.close();
    expect(kept.filter(({ item }) => item === 'failure')).toHaveLength(100);
  });

  it('B36 of a million equal errors it keeps its bound, and the count', () => {
    const window = new Window<number>({ ordinary: 5, errors: 100 });
    for (let n = 0; n < 1_000_000; n += 1) window.offer(n, error('same'));
    window.offer(-1, error('another'));
    const { kept, leftOut } = window.close();
    expect(kept).toHaveLength(101);
    expect(leftOut).toBe(999_900);
    expect(kept[0]).toEqual({ item: 0, standsFor: 10_000 });
    expect(kept.at(-1)).toEqual({ item: -1, standsFor: 1 });
  });

  it('B36 errors of a million kinds are bounded too, and counted', () => {
    const window = new Window<number>({ ordinary: 1, errors: 10 });
    for (let n = 0; n < 1_000_000; n += 1) window.offer(n, error(String(n)));
    const { kept, leftOut } = window.close();
    expect(kept.length).toBeLessThanOrEqual(110);
    expect(kept.length + leftOut).toBe(1_000_000);
  });

  it('D5 keeps or leaves out an operation as a whole', () => {
    const [requests, dependencies] = [
      new Window<number>({ ordinary: 10, errors: 1 }),
      new Window<number>({ ordinary: 20, errors: 1 }),
    ];
    for (let n = 0; n < 100; n += 1) {
      const lot = ((n * 37) % 100) / 100;
      requests.offer(n, { isError: false, fingerprint: '', lot });
      for (let k = 0; k < 2; k += 1) dependencies.offer(n, { isError: false, fingerprint: '', lot });
    }
    const keptRequests = new Set(requests.close().kept.map(({ item }) => item));
    expect(new Set(dependencies.close().kept.map(({ item }) => item))).toEqual(keptRequests);
  });
});
