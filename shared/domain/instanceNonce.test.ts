import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InstanceNonces, judgeInstance } from './instanceNonce.ts';

const nobody: InstanceNonces = { instance: null, former: [], refused: [] };
const longAgo = { sinceTakeoverMs: 60_000, graceMs: 30_000 };

/** What the table row is after one process spoke. */
function afterWord(
  nonces: InstanceNonces,
  spoken: string,
): { nonces: InstanceNonces; kind: ReturnType<typeof judgeInstance>['kind'] } {
  const verdict = judgeInstance(nonces, spoken, longAgo);
  return { nonces: 'nonces' in verdict ? verdict.nonces : nonces, kind: verdict.kind };
}

function afterWords(spoken: readonly string[]): { nonces: InstanceNonces; kinds: string[] } {
  let nonces = nobody;
  const kinds = spoken.map((word) => {
    const next = afterWord(nonces, word);
    nonces = next.nonces;
    return next.kind;
  });
  return { nonces, kinds };
}

describe('judgeInstance', () => {
  it('F1 lets a restarted agent take over from the one that fell silent', () => {
    expect(afterWords(['a', 'a', 'b', 'b', 'c', 'c']).kinds).toEqual([
      'successor',
      'known',
      'successor',
      'known',
      'successor',
      'known',
    ]);
  });

  it('F1 B48 refuses the younger of two that are alive, and keeps the older', () => {
    const { kinds, nonces } = afterWords(['older', 'younger', 'older', 'younger', 'older', 'younger']);
    expect(kinds).toEqual(['successor', 'successor', 'cloned', 'refused', 'known', 'refused']);
    expect(nonces).toEqual({ instance: 'older', former: [], refused: ['younger'] });
  });

  it('F1 B48 of three that are alive finds the oldest, and refuses the others', () => {
    expect(afterWords(['a', 'b', 'c', 'a', 'b', 'c', 'a']).kinds).toEqual([
      'successor',
      'successor',
      'successor',
      'cloned',
      'refused',
      'refused',
      'known',
    ]);
  });

  it('F1 B48 a refused clone that restarts is found out again', () => {
    const { kinds } = afterWords(['older', 'clone1', 'older', 'clone2', 'older', 'clone2', 'clone1']);
    expect(kinds).toEqual(['successor', 'successor', 'cloned', 'successor', 'cloned', 'refused', 'refused']);
  });

  it('F1 B15 takes a predecessor’s word delivered late for what it is', () => {
    const nonces = { instance: 'b', former: ['a'], refused: [] };
    expect(judgeInstance(nonces, 'a', { sinceTakeoverMs: 29_999, graceMs: 30_000 })).toEqual({
      kind: 'late',
    });
    expect(judgeInstance(nonces, 'a', { sinceTakeoverMs: 30_000, graceMs: 30_000 }).kind).toBe('cloned');
  });

  it('F1 never refuses a lone agent, however often it restarts', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 60 }), (turns) => {
        // One machine: nonces only ever move forward, each process speaking as often as it likes.
        let life = 0;
        const spoken = turns.map((turn) => `process ${String((life += turn === 0 ? 1 : 0))}`);
        expect(afterWords(spoken).kinds).not.toContain('refused');
        expect(afterWords(spoken).kinds).not.toContain('cloned');
      }),
    );
  });

  it('F1 B48 of several agents that keep speaking, the others are soon refused for good and the oldest never', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 8, maxLength: 60 }), (spoken) => {
        const { kinds } = afterWords(spoken);
        const oldest = spoken[0];
        const lastNew = Math.max(...[...new Set(spoken)].map((nonce) => spoken.indexOf(nonce)));
        const foundOut = spoken.findIndex((nonce, index) => nonce === oldest && index >= lastNew);
        if (foundOut === -1) return;
        for (const [index, kind] of kinds.entries()) {
          if (spoken[index] === oldest) expect(kind).not.toBe('refused');
          if (index > foundOut) expect(kind).toBe(spoken[index] === oldest ? 'known' : 'refused');
        }
      }),
    );
  });

  it('F1 B48 remembers a bounded number of processes, and finds out those that it forgot', () => {
    const many = Array.from({ length: 40 }, (_, n) => `clone ${String(n)}`);
    const { kinds, nonces } = afterWords([
      'older',
      ...many.flatMap((clone) => [clone, 'older']),
      ...many,
      'older',
    ]);
    expect(Math.max(nonces.former.length, nonces.refused.length)).toBeLessThanOrEqual(16);
    expect(kinds.filter((kind) => kind === 'cloned').length).toBeGreaterThanOrEqual(40);
    expect(new Set(afterWords(many).nonces.former).size).toBe(16);
  });

  it('F1 a nonce is never both the live one and the refused one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }), (spoken) => {
        const { nonces } = afterWords(spoken);
        if (nonces.instance !== null) {
          expect(nonces.refused).not.toContain(nonces.instance);
          expect(nonces.former).not.toContain(nonces.instance);
        }
      }),
    );
  });
});
