import { describe, expect, it } from 'vitest';
import { compareHeaderNames } from './sharedkey.ts';

describe('SharedKey', () => {
  it('L4 sorts header names as .NET does: without hyphens, underscores before digits before letters', () => {
    const names = [
      'x-ms-version',
      'x-ms-meta-a1',
      'x-ms-meta-a_b',
      'x-ms-meta-ab',
      'x-ms-date',
      'x-ms-meta-a',
    ];
    expect([...names].sort(compareHeaderNames)).toEqual([
      'x-ms-date',
      'x-ms-meta-a',
      'x-ms-meta-a_b',
      'x-ms-meta-a1',
      'x-ms-meta-ab',
      'x-ms-version',
    ]);
  });
});
