import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSource, type RootMark, SMALL_SOURCE_FILES, type SourceNow } from './judge.ts';

const root: RootMark = { device: 1, fileId: 10, marked: false };
const look = (changes: Partial<Exclude<SourceNow, { missing: string }>>): SourceNow => ({
  files: 1000,
  standing: 1000,
  rewritten: 0,
  root,
  ...changes,
});
const before = { files: 1000, root };
const kindOf = (now: SourceNow, known = before, accepted = 0) => judgeSource(known, now, accepted)?.kind;

describe('judgeSource', () => {
  it('F16 B30 trips when a source is missing, emptied, exchanged or mostly rewritten', () => {
    expect(kindOf({ missing: 'not there' })).toBe('missing');
    expect(kindOf(look({ files: 0, standing: 0 }))).toBe('empty');
    expect(kindOf(look({ files: 99, standing: 99 }))).toBe('empty');
    expect(kindOf(look({ files: 100, standing: 100 }))).toBeUndefined();
    const elsewhere = { ...root, device: 2 };
    expect(kindOf(look({ files: 900, standing: 3, root: elsewhere }))).toBe('another_source');
    expect(kindOf(look({ rewritten: 501 }))).toBe('rewritten');
    expect(kindOf(look({ rewritten: 500 }))).toBeUndefined();
  });

  it('F16 a disk that comes back under another number with the same files is the same source', () => {
    expect(kindOf(look({ root: { ...root, device: 9 } }))).toBeUndefined();
  });

  it('F16 with the operator’s mark a source may be emptied on purpose; without the mark it had, it is another', () => {
    const marked = { ...root, marked: true };
    const known = { files: 1000, root: marked };
    expect(kindOf(look({ files: 0, standing: 0, root: marked }), known)).toBeUndefined();
    expect(kindOf(look({ files: 0, standing: 0, root: marked }))).toBeUndefined();
    expect(kindOf(look({}), known)).toBe('unmarked');
    expect(kindOf(look({ files: 0 }), { files: 0, root: marked })).toBe('unmarked');
    expect(kindOf({ missing: 'x' }, { files: 0, root: marked })).toBe('missing');
    expect(kindOf(look({ rewritten: 900, root: marked }), known)).toBe('rewritten');
  });

  it('F16 what an operator accepted once trips no more', () => {
    expect(kindOf(look({ rewritten: 900 }), before, 0.9)).toBeUndefined();
    expect(kindOf(look({ rewritten: 901 }), before, 0.9)).toBe('rewritten');
  });

  it('F16 a first run and a small source never trip, whatever they look like', () => {
    const small = fc.record({
      files: fc.integer({ min: 0, max: 1000 }),
      standing: fc.integer({ min: 0, max: 1000 }),
      rewritten: fc.integer({ min: 0, max: SMALL_SOURCE_FILES - 1 }),
      root: fc.record({ device: fc.integer(), fileId: fc.integer(), marked: fc.constant(false) }),
    });
    const known = fc.record({
      files: fc.integer({ min: 0, max: SMALL_SOURCE_FILES - 1 }),
      root: fc.constantFrom(undefined, root),
    });
    fc.assert(
      fc.property(known, fc.oneof(small, fc.constant({ missing: 'gone' })), (was, now) => {
        expect(judgeSource(was, now)).toBeUndefined();
      }),
    );
  });

  it('F16 F14 an instrument that deletes its oldest files for new ones never trips, however long the agent slept', () => {
    const cap = fc.integer({ min: 1, max: 3000 });
    const production = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(cap, production, (most, produced) => {
        let newest = 0;
        let known = { oldest: 0, newest: 0 };
        for (const count of produced) {
          newest += count;
          const oldest = Math.max(0, newest - most);
          const standing = Math.max(0, known.newest - Math.max(known.oldest, oldest));
          const now = look({ files: newest - oldest, standing });
          expect(judgeSource({ files: known.newest - known.oldest, root }, now)).toBeUndefined();
          known = { oldest, newest };
        }
      }),
    );
  });
});
