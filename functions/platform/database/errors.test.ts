import { describe, expect, it } from 'vitest';
import { classifyDatabaseError, PoolTimeoutError } from './errors.ts';
import { LockNotTakenError } from './fragments/lock-not-taken-error.ts';

const postgres = (code: string) => Object.assign(new Error('server'), { severity: 'ERROR', code });
const mssql = (number: number) =>
  Object.assign(new Error('server'), { name: 'RequestError', code: 'EREQUEST', number });

describe('B9 what a database error means', () => {
  it.each([
    ['23505', 'unique_violation', false],
    ['40P01', 'deadlock', true],
    ['40001', 'deadlock', true],
    ['57014', 'timeout', true],
    ['55P03', 'timeout', true],
    ['57P01', 'connection', true],
    ['57P03', 'connection', true],
    ['08006', 'connection', true],
    ['53300', 'connection', true],
    ['25006', 'connection', true],
    ['53100', 'full', false],
    ['42P01', 'other', false],
    ['23503', 'other', false],
  ] as const)('B9 PostgreSQL %s is %s', (code, kind, transient) => {
    expect(classifyDatabaseError(postgres(code))).toEqual({ kind, transient });
  });

  it.each([
    [2627, 'unique_violation', false],
    [2601, 'unique_violation', false],
    [1205, 'deadlock', true],
    [1222, 'timeout', true],
    [40613, 'connection', true],
    [40197, 'connection', true],
    [49918, 'connection', true],
    [10928, 'connection', true],
    [10929, 'connection', true],
    [4060, 'connection', true],
    [3906, 'connection', true],
    [40501, 'connection', true],
    [49919, 'connection', true],
    [49920, 'connection', true],
    [4221, 'connection', true],
    [233, 'connection', true],
    [64, 'connection', true],
    [20, 'connection', true],
    [10053, 'connection', true],
    [10054, 'connection', true],
    [10060, 'connection', true],
    [1204, 'timeout', true],
    [40544, 'full', false],
    [40549, 'other', false],
    [40553, 'other', false],
    [18456, 'other', false],
    [9002, 'full', false],
    [547, 'other', false],
  ] as const)('B9 SQL Server %i is %s', (number, kind, transient) => {
    expect(classifyDatabaseError(mssql(number))).toEqual({ kind, transient });
  });

  it('B9 looks below: at causes, at original errors, at what preceded', () => {
    expect(classifyDatabaseError(new Error('above', { cause: postgres('40P01') })).kind).toBe('deadlock');
    const transaction = Object.assign(new Error('aborted'), {
      name: 'TransactionError',
      code: 'EABORT',
      originalError: mssql(1205),
    });
    expect(classifyDatabaseError(transaction).kind).toBe('deadlock');
    const last = Object.assign(mssql(3621), { precedingErrors: [mssql(2627)] });
    expect(classifyDatabaseError(last).kind).toBe('unique_violation');
    expect(
      classifyDatabaseError(new AggregateError([Object.assign(new Error('no'), { code: 'ECONNREFUSED' })]))
        .kind,
    ).toBe('connection');
  });

  it('B9 ends on an error that is its own cause, and on what is no error', () => {
    const circle = new Error('circle');
    circle.cause = circle;
    expect(classifyDatabaseError(circle).kind).toBe('other');
    expect(classifyDatabaseError(undefined).kind).toBe('other');
    expect(classifyDatabaseError('text').kind).toBe('other');
  });

  it('A6 tells a busy pool from a server that does not answer', () => {
    expect(classifyDatabaseError(new PoolTimeoutError({ max: 2, waiting: 1, acquireTimeoutMs: 5 }))).toEqual({
      kind: 'pool_timeout',
      transient: true,
    });
    const connect = Object.assign(new Error('Failed to connect'), {
      name: 'ConnectionError',
      code: 'ETIMEOUT',
    });
    expect(classifyDatabaseError(connect).kind).toBe('connection');
    const request = Object.assign(new Error('Timeout'), { name: 'RequestError', code: 'ETIMEOUT' });
    expect(classifyDatabaseError(request).kind).toBe('timeout');
    expect(classifyDatabaseError(new LockNotTakenError('x', -3)).kind).toBe('deadlock');
    expect(classifyDatabaseError(new LockNotTakenError('x', -1)).kind).toBe('timeout');
  });
});
