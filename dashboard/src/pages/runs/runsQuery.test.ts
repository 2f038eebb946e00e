import { describe, expect, it } from 'vitest';
import { runs } from '../../../../shared/contract/fleet.ts';
import { runsQuery } from './runsQuery.ts';

describe('runsQuery', () => {
  it('O3 asks for what the URL says', () => {
    const query = runsQuery({ q: '0198', type: 'file_sync', status: 'failed', runner: 'r1', after: 'c' });
    expect(query).toEqual({
      limit: 50,
      prefix: '0198',
      syncType: 'file_sync',
      status: 'failed',
      runnerId: 'r1',
      cursor: 'c',
    });
  });

  it('O3 whatever somebody typed into the URL, the server takes the question', () => {
    const query = runsQuery({ q: 'x'.repeat(300), status: 'broken', from: 'then', to: '2026-04-13' });
    expect(runs.query.safeParse(query).success).toBe(true);
    expect(query).not.toHaveProperty('status');
    expect(query).not.toHaveProperty('from');
    expect(query).toHaveProperty('to');
  });
});
