import { describe, expect, it } from 'vitest';
import { batchesOf } from './batches.ts';

const row = (partitionKey: string, rowKey: string, text = '') => ({ partitionKey, rowKey, text });

describe('batchesOf', () => {
  it('F11 a batch has one partition, at most 100 rows, and no key twice', () => {
    const rows = Array.from({ length: 250 }, (_, index) => row(index % 5 === 0 ? 'b' : 'a', String(index)));
    const batches = batchesOf([...rows, row('a', '1', 'said again')]);
    expect(batches.map((batch) => batch.length)).toEqual([50, 100, 100]);
    for (const batch of batches) expect(new Set(batch.map(({ partitionKey }) => partitionKey)).size).toBe(1);
    expect(batches.flat().filter(({ rowKey }) => rowKey === '1')).toEqual([row('a', '1', 'said again')]);
  });

  it('F11 a batch stays below 4 MiB, counted in bytes', () => {
    const rows = Array.from({ length: 60 }, (_, index) => row('a', String(index), '€'.repeat(30_000)));
    const batches = batchesOf(rows);
    expect(batches.flat()).toHaveLength(60);
    for (const batch of batches)
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(4 * 1024 * 1024);
  });
});
