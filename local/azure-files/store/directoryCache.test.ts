import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Directory } from './directory.ts';
import { DirectoryCache } from './directoryCache.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'azure-files-cache-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const time = '2026-01-31T00:00:00.0000000Z';
const entry = (name: string) => ({
  kind: 'directory' as const,
  name,
  id: '1',
  etag: '"0x1"',
  attributes: 'Directory',
  lastModified: time,
  created: time,
  lastWritten: time,
  changed: time,
});

function use(cache: DirectoryCache, name: string): Directory {
  const diskPath = join(root, name);
  return cache.use(diskPath, () => {
    mkdirSync(diskPath, { recursive: true });
    return Directory.load({ diskPath, synced: false, readOnly: false });
  });
}

describe('the directories in memory', () => {
  it('L4 B29 are let go above the bound, the one used longest ago first', () => {
    const cache = new DirectoryCache(10);
    for (let number = 0; number < 8; number += 1) {
      const directory = use(cache, `d${String(number)}`);
      for (let index = 0; index < 4; index += 1) directory.put(entry(`e${String(index)}`));
      use(cache, `d${String(number)}`);
    }
    expect(cache.size).toBeLessThanOrEqual(4);
    expect(use(cache, 'd0').size).toBe(4);
  });

  it('L4 a directory somebody still holds is the same when it is asked for again', () => {
    const cache = new DirectoryCache(1);
    const held = use(cache, 'held');
    held.put(entry('a'));
    held.put(entry('b'));
    use(cache, 'held');
    for (let number = 0; number < 5; number += 1) use(cache, `other${String(number)}`).put(entry('x'));
    expect(use(cache, 'held')).toBe(held);
  });

  it('L4 forgets a folder and what lies below it, and nothing beside it', () => {
    const cache = new DirectoryCache(100);
    const [parent, child, beside] = [use(cache, 'p'), use(cache, join('p', 'c')), use(cache, 'p2')];
    cache.forget(join(root, 'p'), sep);
    expect(use(cache, 'p')).not.toBe(parent);
    expect(use(cache, join('p', 'c'))).not.toBe(child);
    expect(use(cache, 'p2')).toBe(beside);
  });
});
