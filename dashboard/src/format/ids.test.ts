import { describe, expect, it } from 'vitest';
import { sayName, shortId } from './ids.ts';

describe('shortId', () => {
  it('L5 shortens a UUID to a prefix that the search finds again', () => {
    const id = '0198c2f1-7a10-7000-8000-000000000001';
    expect(shortId(id)).toBe('0198c2f1-7a10');
    expect(id.startsWith(shortId(id))).toBe(true);
  });

  it('L5 leaves a readable id whole, and of a long one the end that tells it apart', () => {
    expect(shortId('tga-sync-2026-04-13T02-00-00Z')).toBe('tga-sync-2026-04-13T02-00-00Z');
    expect(shortId('file-sync-2026-11-22T19-21-21Z-4f2a9c01d3b7')).toBe('…4f2a9c01d3b7');
  });
});

describe('sayName', () => {
  it.each([
    ['file_sync', 'File sync'],
    ['filesArchived', 'Files archived'],
    ['AGENT_ALIVE', 'Agent alive'],
    ['', ''],
  ])('L5 says %s as %s', (name, words) => expect(sayName(name)).toBe(words));
});
