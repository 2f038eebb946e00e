import { describe, expect, it } from 'vitest';
import { isTail, logsQuery } from './logsQuery.ts';

describe('logsQuery()', () => {
  it('F11 asks nothing before an instrument is chosen', () => {
    expect(logsQuery({ level: 'Error' })).toBeUndefined();
  });

  it('F11 a level means it and what is worse', () => {
    expect(logsQuery({ runner: 'r1', level: 'Warning' })).toMatchObject({ level: 'Warning,Error' });
    expect(logsQuery({ runner: 'r1', level: 'Debug' })).not.toHaveProperty('level');
    expect(logsQuery({ runner: 'r1', level: 'Loud' })).not.toHaveProperty('level');
  });

  it('F11 carries correlation id, text and times; what is no time is left out', () => {
    expect(
      logsQuery({ runner: 'r1', correlation: 'c1', q: 'disk', from: '2026-04-13T02:00Z', to: 'soon' }),
    ).toEqual({
      runnerId: 'r1',
      limit: 200,
      correlationId: 'c1',
      search: 'disk',
      from: '2026-04-13T02:00:00.000Z',
    });
  });

  it('F11 only the newest page of an open time is a tail', () => {
    expect(isTail({ runner: 'r1' })).toBe(true);
    expect(isTail({ runner: 'r1', after: 'cursor' })).toBe(false);
    expect(isTail({ runner: 'r1', to: '2026-04-13T02:00:00.000Z' })).toBe(false);
  });
});
