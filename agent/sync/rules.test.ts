import { describe, expect, it } from 'vitest';
import type { FileOnShare } from '../share/shareFiles.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import { placementOf } from './placement.ts';
import { byPurgeOrder } from './purgeOrder.ts';
import { watchQuiet } from './quiet.ts';

const facts = { sha256: 'a'.repeat(64), sizeBytes: 5, mtimeMs: 1000 };

function file(changes: Partial<SourceFile> = {}): SourceFile {
  return {
    folder: '',
    name: 'a',
    path: 'a',
    sizeBytes: 5,
    mtimeMs: 1000,
    ctimeMs: 1000,
    fileId: 1,
    ...changes,
  };
}

function onShare(changes: Partial<FileOnShare>): FileOnShare {
  const stamp = { etag: 'e', modifiedAt: new Date(0) };
  return {
    sizeBytes: 5,
    whole: true,
    temporary: false,
    facts,
    uploadId: undefined,
    stamp,
    createdMs: 1,
    ...changes,
  };
}

describe('placementOf', () => {
  const never = () => Promise.reject(new Error('the metadata was enough'));
  const other = { ...facts, sha256: 'b'.repeat(64) };

  it('F5 never writes where something whole stands', async () => {
    expect(await placementOf(undefined, facts, never)).toBe('create');
    expect(await placementOf(onShare({}), facts, never)).toBe('already');
    expect(await placementOf(onShare({ facts: other }), facts, never)).toBe('beside');
    expect(await placementOf(onShare({ sizeBytes: 6 }), facts, never)).toBe('beside');
    expect(await placementOf(onShare({ whole: false, temporary: true }), facts, never)).toBe('finish');
  });

  it('F5 reads what carries no hash, and adopts only the same content', async () => {
    const foreign = onShare({ whole: false, facts: undefined });
    expect(await placementOf(foreign, facts, async () => facts.sha256)).toBe('adopt');
    expect(await placementOf(foreign, facts, async () => other.sha256)).toBe('beside');
    expect(await placementOf(onShare({ facts: undefined }), facts, async () => facts.sha256)).toBe('already');
  });
});

describe('purge order', () => {
  it('F14 orders by source time, then by path', () => {
    const files = [
      file({ path: 'c', mtimeMs: 1 }),
      file({ path: 'b', mtimeMs: 2 }),
      file({ path: 'a', mtimeMs: 2 }),
    ];
    expect(files.toSorted(byPurgeOrder).map(({ path }) => path)).toEqual(['c', 'a', 'b']);
  });
});

describe('watchQuiet', () => {
  function watch() {
    const clock = { wall: 100_000, monotonic: 0 };
    const quiet = watchQuiet({ quietMs: 30_000, now: () => clock.wall, monotonicMs: () => clock.monotonic });
    return { clock, quiet };
  }

  it('F15 takes the later of source time and change time', () => {
    const { quiet } = watch();
    expect(quiet.isQuiet(file({ mtimeMs: 70_000, ctimeMs: 70_000 }))).toBe(true);
    expect(quiet.isQuiet(file({ mtimeMs: 1000, ctimeMs: 70_001 }))).toBe(false);
    expect(quiet.isQuiet(file({ mtimeMs: 70_001, ctimeMs: 1000 }))).toBe(false);
  });

  it('F15 B15 a file from the future is quiet once it was seen unchanged for long enough', () => {
    const { clock, quiet } = watch();
    const future = file({ mtimeMs: 9e12 });
    expect(quiet.isQuiet(future)).toBe(false);
    clock.monotonic = 29_999;
    expect(quiet.isQuiet(future)).toBe(false);
    clock.monotonic = 30_000;
    expect(quiet.isQuiet(future)).toBe(true);
    expect(quiet.isQuiet({ ...future, sizeBytes: 6 })).toBe(false);
  });

  it('B15 a clock that is set back by a day does not hold the archive up', () => {
    const { clock, quiet } = watch();
    const young = file({ mtimeMs: 90_000 });
    clock.wall -= 86_400_000;
    expect(quiet.isQuiet(young)).toBe(false);
    clock.monotonic = 30_000;
    expect(quiet.isQuiet(young)).toBe(true);
  });
});
