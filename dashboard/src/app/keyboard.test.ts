import { describe, expect, it } from 'vitest';
import { keyMeaning } from './keyboard.ts';

describe('keyMeaning', () => {
  it('L5 knows / ? j k and g', () => {
    expect(keyMeaning('/', false)).toEqual({ kind: 'search' });
    expect(keyMeaning('?', false)).toEqual({ kind: 'help' });
    expect(keyMeaning('j', false)).toEqual({ kind: 'row', step: 1 });
    expect(keyMeaning('k', false)).toEqual({ kind: 'row', step: -1 });
    expect(keyMeaning('g', false)).toEqual({ kind: 'prefix' });
  });

  it('L5 after g a letter names a page, and nothing else does', () => {
    expect(keyMeaning('r', true)).toEqual({ kind: 'page', key: 'r' });
    expect(keyMeaning('j', true)).toEqual({ kind: 'page', key: 'j' });
    expect(keyMeaning('Enter', true)).toBeUndefined();
    expect(keyMeaning('r', false)).toBeUndefined();
  });
});
