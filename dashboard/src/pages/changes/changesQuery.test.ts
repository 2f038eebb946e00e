import { describe, expect, it } from 'vitest';
import { changes } from '../../../../shared/contract/workflows.ts';
import { changesQuery } from './changesQuery.ts';

describe('changesQuery', () => {
  it('O7 asks for what the URL says', () => {
    const search = { q: 'BSB50120', register: 'tga', type: 'qualification', kind: 'superseded', run: 'r-1' };
    expect(changesQuery(search)).toEqual({
      limit: 50,
      entityCode: 'BSB50120',
      register: 'tga',
      entityType: 'qualification',
      eventType: 'superseded',
      runId: 'r-1',
    });
  });

  it('O7 whatever somebody typed into the URL, the server takes the question', () => {
    const long = 'x'.repeat(300);
    const query = changesQuery({ q: long, register: long, kind: long, type: long, run: '%%', from: 'then' });
    expect(changes.query.safeParse(query).success).toBe(true);
    expect(query).not.toHaveProperty('runId');
    expect(query).not.toHaveProperty('from');
  });
});
