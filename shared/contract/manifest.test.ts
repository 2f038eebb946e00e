import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSurelyManifest, manifest } from './manifest.ts';
import { MAX_MTIME_MS, MIN_MTIME_MS } from './fields.ts';

const path = fc
  .stringMatching(/^[a-zA-Z0-9 ._-]{1,8}(\/[a-zA-Z0-9 _-]{1,8}){0,2}$/)
  .filter((text) => !text.split('/').some((part) => part === '.' || part === '..'));
const file = fc.record({
  path,
  sizeBytes: fc.maxSafeNat(),
  mtimeMs: fc.integer({ min: MIN_MTIME_MS, max: MAX_MTIME_MS }),
});
const folder = fc.record(
  {
    folder: fc.oneof(fc.constant(''), path),
    digest: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/)),
    files: fc.array(file, { maxLength: 4 }),
  },
  { requiredKeys: ['folder', 'digest'] },
);
const good = fc.record({ correlationId: fc.uuid(), folders: fc.array(folder, { maxLength: 4 }) });

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    'a\0',
    '../a',
    '/a',
    'a//b',
    'C:/a',
    '\ud800',
    -1,
    0.5,
    [],
    {},
  ),
  fc.constantFrom<unknown>(MIN_MTIME_MS - 1, MAX_MTIME_MS + 1, Number.MAX_SAFE_INTEGER + 1, Number.NaN, '5'),
  fc.jsonValue(),
);

/** Mostly what is wanted, in places something else, missing, or with a member too many. */
function almost(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const loose = Object.entries(members).map(
    ([name, member]) => [name, fc.oneof({ weight: 9, arbitrary: member }, odd)] as const,
  );
  const extra = fc.constantFrom('extra', 'toString', '__proto__');
  const rarely = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, extra);
  return fc.tuple(fc.record(Object.fromEntries(loose)), rarely, rarely).map(([whole, added, removed]) => {
    const gone = removed === undefined ? undefined : Object.keys(whole)[removed.length % 3];
    const kept = Object.entries(whole).filter(([name]) => name !== gone);
    return Object.fromEntries(added === undefined ? kept : [...kept, [added, 1]]);
  });
}
const almostFile = almost({ path, sizeBytes: fc.maxSafeNat(), mtimeMs: fc.integer() });
const almostFolder = almost({
  folder: path,
  digest: fc.constant(null),
  files: fc.array(fc.oneof(file, almostFile), { minLength: 1, maxLength: 3 }),
});
const almostGood = almost({
  correlationId: fc.uuid(),
  folders: fc.array(fc.oneof(folder, almostFolder), { maxLength: 3 }),
});

describe('the quick look at a manifest', () => {
  it('P2 is enough for whatever agents send', () => {
    fc.assert(
      fc.property(good, (body) => {
        expect(isSurelyManifest(body)).toBe(true);
      }),
    );
  });

  it('P2 F15 lets nothing through that the schema would refuse or change', () => {
    fc.assert(
      fc.property(almostGood, (sent) => {
        if (!isSurelyManifest(sent)) return;
        expect(manifest.safeParse(sent)).toEqual({ success: true, data: sent });
        expect(JSON.stringify(sent)).not.toContain('\\u0000');
      }),
      { numRuns: 2000 },
    );
  });

  it('P2 leaves one with too many files to the schema', () => {
    const files = Array.from({ length: 20_001 }, (_, index) => ({
      path: `f${String(index)}`,
      sizeBytes: 1,
      mtimeMs: 1,
    }));
    const body = { correlationId: crypto.randomUUID(), folders: [{ folder: '', digest: null, files }] };
    expect(isSurelyManifest(body)).toBe(false);
    expect(isSurelyManifest({ ...body, folders: [{ ...body.folders[0], files: files.slice(1) }] })).toBe(
      true,
    );
  });
});
