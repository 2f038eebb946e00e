import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFree, MAX_SHARE_NAME_LENGTH, shareNameOf, slugOf } from './runnerNames.ts';

describe('slugOf', () => {
  it('F1 makes a readable id of a host name', () => {
    expect(slugOf('ARGO3', 60, 'runner')).toBe('argo3');
    expect(slugOf('Lab PC — Süd (2)', 60, 'runner')).toBe('lab-pc-sud-2');
    expect(slugOf('実験室', 60, 'runner')).toBe('runner');
  });
});

describe('firstFree', () => {
  it('F1 numbers names that are taken', () => {
    const taken = new Set(['argo3', 'argo3-2']);
    expect(firstFree('argo3', 60, (name) => taken.has(name))).toBe('argo3-3');
    expect(firstFree('argo4', 60, (name) => taken.has(name))).toBe('argo4');
  });

  it('F1 keeps within the length, however many are taken', () => {
    const taken = new Set<string>();
    for (let count = 0; count < 120; count += 1) {
      const name = firstFree('abcdefghij', 10, (each) => taken.has(each));
      expect(name.length).toBeLessThanOrEqual(10);
      expect(taken.has(name)).toBe(false);
      taken.add(name);
    }
  });
});

describe('shareNameOf', () => {
  it('F5 B24 is a name that Azure takes, whatever the runner is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (id) => {
        const name = shareNameOf(id);
        expect(name).toMatch(/^[a-z0-9](-?[a-z0-9])+$/);
        expect(name.length).toBeGreaterThanOrEqual(3);
        expect(name.length).toBeLessThanOrEqual(MAX_SHARE_NAME_LENGTH);
      }),
    );
    expect(shareNameOf('ARGO.3')).toBe('runner-argo-3');
  });
});
