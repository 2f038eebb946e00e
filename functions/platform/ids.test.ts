import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createIdSource } from './ids.ts';

describe('createIdSource', () => {
  it('F4 gives UUIDv7 that carry the time', () => {
    const id = createIdSource(() => Date.UTC(2026, 3, 13, 2))();
    expect(z.uuidv7().safeParse(id).success).toBe(true);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 3, 13, 2));
  });

  it('F4 B15 rises strictly while the clock stands still, goes back, and over 4,096 ids in a millisecond', () => {
    let clock = 1_000_000;
    const next = createIdSource(() => clock);
    const ids = Array.from({ length: 5000 }, next);
    clock -= 500;
    ids.push(next());
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
