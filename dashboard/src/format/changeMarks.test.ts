import { describe, expect, it } from 'vitest';
import { CHANGE_TYPES } from '../../../shared/domain/registerChanges.ts';
import { changeMark, knownChanges } from './changeMarks.ts';

describe('changeMark', () => {
  it('O7 every kind of change has its word and shape', () => {
    expect(knownChanges).toEqual(CHANGE_TYPES);
  });

  it('O7 a kind that is new here is said in its own words', () => {
    expect(changeMark('moved_campus')).toEqual({ shape: 'idle', word: 'Moved campus' });
  });
});
