import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownStep, type Phase, targetOf } from './release-plan.ts';

const releaseAt = new Date('2026-11-29T12:00:00Z');
const before = new Date('2026-11-20T12:00:00Z');

/** `e` expands, `c` contracts: what this code knows, of which so many were applied. */
function target(phase: Phase, kinds: string, applied: number, appliedAt = before): number {
  const known: KnownStep[] = Array.from(kinds, (kind, index) => ({
    number: index + 1,
    name: `${String(index + 1)}_${kind}`,
    breaking: kind === 'c',
  }));
  return targetOf({
    phase,
    known,
    applied: known.slice(0, applied).map((step) => ({ ...step, appliedAt })),
    releaseAt,
  });
}

describe('A7 D8 migrations of a release', () => {
  it('A7 D8 an empty database is made whole at once', () => {
    expect(target('expand', 'eecee', 0)).toBe(5);
  });

  it('A7 D8 before the new code runs the schema only grows', () => {
    expect(target('expand', 'eee', 1)).toBe(3);
    expect(target('expand', 'eec', 2)).toBe(2);
    expect(target('contract', 'eec', 2)).toBe(3);
  });

  it.each([
    ['that is shipped with its expansion', 'expand', 'eec', 1, before],
    ['that is shipped before another expansion', 'expand', 'ece', 1, before],
    ['before what this release expanded was there', 'contract', 'eec', 1, before],
    ['right after this release expanded', 'contract', 'eec', 2, releaseAt],
  ] as const)('A7 D8 refuses a contraction %s', (_what, phase, kinds, applied, appliedAt) => {
    expect(() => target(phase, kinds, applied, appliedAt)).toThrow(/a release later/);
  });

  it('A7 D8 never drops in one deployment what the release before it still needs', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ec]{1,8}$/), fc.nat(8), (kinds, count) => {
        const applied = Math.min(count, kinds.length);
        if (applied === 0) return;
        let reached: number;
        try {
          reached = target('expand', kinds, applied);
        } catch {
          return;
        }
        expect(kinds.slice(applied, reached)).not.toContain('c');
      }),
    );
  });
});
