import { describe, expect, it } from 'vitest';
import { PoolTimeoutError } from '../database/index.ts';
import { ShareError } from '../storage/shares.ts';
import { Problem } from './problem.ts';
import { problemOf } from './problemOf.ts';

describe('problemOf', () => {
  it('S4 B35 a full database is 507 on both servers, and not to be repeated', () => {
    for (const error of [{ severity: 'ERROR', code: '53100' }, { number: 40544 }]) {
      const problem = problemOf(Object.assign(new Error('full'), error));
      expect([problem.status, problem.code]).toEqual([507, 'database-full']);
      expect(problem.more.retryAfterSeconds).toBeUndefined();
    }
  });

  it('A6 a pool without a free connection says so, with Retry-After', () => {
    const problem = problemOf(new PoolTimeoutError({ max: 20, waiting: 3, acquireTimeoutMs: 10_000 }));
    expect(problem.status).toBe(503);
    expect(problem.message).toContain('Connection pool timed out');
    expect(problem.more.retryAfterSeconds).toBeGreaterThan(0);
  });

  it('B9 a lost connection is 503 with Retry-After', () => {
    const problem = problemOf(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    expect([problem.status, problem.more.retryAfterSeconds]).toEqual([503, 5]);
  });

  it('B22 a throttled share hands on its Retry-After', () => {
    const problem = problemOf(new ShareError('throttled', 'busy', { retryAfterMs: 12_300 }));
    expect([problem.status, problem.more.retryAfterSeconds]).toEqual([503, 13]);
  });

  it('A3 what nobody foresaw tells the caller nothing of itself', () => {
    const problem = problemOf(new Error('password=hunter2 at /srv/app.ts:1'));
    expect([problem.status, problem.code]).toEqual([500, 'internal']);
    expect(problem.message).not.toContain('hunter2');
    expect(problem.cause).toBeInstanceOf(Error);
  });

  it('A3 a refusal is kept as it is', () => {
    const refusal = new Problem('conflict', 'taken');
    expect(problemOf(refusal)).toBe(refusal);
  });
});
