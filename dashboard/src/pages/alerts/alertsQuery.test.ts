import { describe, expect, it } from 'vitest';
import { alertsQuery } from './alertsQuery.ts';

describe('alertsQuery()', () => {
  it('L5 asks for what is unresolved, causes only, when the URL says nothing', () => {
    expect(alertsQuery({})).toEqual({ limit: 50, status: 'unresolved', causesOnly: true });
  });

  it('L5 a word that is no status or severity is left out, not sent to be refused', () => {
    expect(alertsQuery({ status: 'nonsense', severity: 'huge' })).toEqual(alertsQuery({}));
  });

  it('L5 carries every filter of the URL', () => {
    const search = {
      status: 'all',
      severity: 'critical',
      runner: 'r1',
      job: 'j1',
      effects: 'yes',
      after: 'c',
    };
    expect(alertsQuery(search)).toEqual({
      limit: 50,
      status: 'all',
      severity: 'critical',
      runnerId: 'r1',
      jobId: 'j1',
      cursor: 'c',
    });
  });
});
