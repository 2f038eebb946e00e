import { describe, expect, it } from 'vitest';
import { type RecordVolume, volumeDoubt } from './recordVolume.ts';

const usual: RecordVolume = { read: 100, idleProved: false, earlier: [90, 100, 110, 100], kind: 'full' };

describe('volumeDoubt', () => {
  it('W11 B44 nothing read is doubted unless the source itself said that there was nothing', () => {
    expect(volumeDoubt({ ...usual, read: 0 })).toContain('no records');
    expect(volumeDoubt({ ...usual, read: 0, earlier: [] })).toContain('no records');
    expect(volumeDoubt({ ...usual, read: 0, kind: 'delta' })).toContain('no records');
    expect(volumeDoubt({ ...usual, read: 0, idleProved: true })).toBeNull();
  });

  it('W11 a fifth of what is usual is the least that is believed of a full walk', () => {
    expect(volumeDoubt({ ...usual, read: 20 })).toBeNull();
    expect(volumeDoubt({ ...usual, read: 19 })).toBe('it read 19 records, where 100 are usual');
    expect(volumeDoubt({ ...usual, read: 19, kind: 'delta' })).toBeNull();
    expect(volumeDoubt({ ...usual, read: 19, earlier: [100, 100] })).toBeNull();
  });

  it('W11 work that counts no records is not doubted', () => {
    expect(volumeDoubt({ ...usual, read: null })).toBeNull();
  });
});
