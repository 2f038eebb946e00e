import { describe, expect, it } from 'vitest';
import { createBudget } from './budget.ts';

const minute = 60_000;

describe('createBudget', () => {
  it('B36 grants a minute’s worth at once, then as much as time earns, to each key by itself', () => {
    const budget = createBudget({ perMinute: 60, maxKeys: 10 });
    expect(budget.take('a', 100, 0)).toBe(60);
    expect(budget.take('a', 1, 0)).toBe(0);
    expect(budget.take('b', 5, 0)).toBe(5);
    expect(budget.waitMs('a', 10, 0)).toBe(10_000);
    expect(budget.take('a', 100, 10_000)).toBe(10);
    expect(budget.take('a', 100, 500 * minute)).toBe(60);
  });

  it('B36 gives back what could not be kept, and never more than a minute’s worth', () => {
    const budget = createBudget({ perMinute: 60, maxKeys: 10 });
    budget.take('a', 60, 0);
    budget.giveBack('a', 40);
    budget.giveBack('a', 400);
    expect(budget.take('a', 100, 0)).toBe(60);
  });

  it('B36 grants nothing twice when the clock is set back, and remembers no more keys than it may', () => {
    const budget = createBudget({ perMinute: 60, maxKeys: 2 });
    expect(budget.take('a', 60, minute)).toBe(60);
    expect(budget.take('a', 60, 0)).toBe(0);
    budget.take('b', 1, 0);
    budget.take('c', 1, 0);
    expect(budget.take('a', 100, 0)).toBe(60);
  });
});
