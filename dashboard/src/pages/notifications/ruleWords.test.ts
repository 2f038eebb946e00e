import { describe, expect, it } from 'vitest';
import { sayMatch, sayRoute } from './ruleWords.ts';

const nameOf = (runnerId: string) => runnerId.toUpperCase();

describe('sayMatch()', () => {
  it('S8 says every part that must hold, and nothing of those that are not given', () => {
    expect(sayMatch({ minSeverity: 'info' }, nameOf)).toBe('Every severity');
    expect(
      sayMatch(
        { minSeverity: 'critical', classes: ['security', 'data_loss'], runnerIds: ['a', 'b'] },
        nameOf,
      ),
    ).toBe('Critical ones, class security or data loss, of A, B');
  });

  it('S8 many instruments are counted, not listed', () => {
    const match = { minSeverity: 'warning' as const, runnerIds: ['a', 'b', 'c', 'd', 'e'] };
    expect(sayMatch(match, nameOf)).toBe('Warnings and critical ones, of A, B, C and 2 more');
  });
});

describe('sayRoute()', () => {
  const channels = [
    { channelId: 'c1', name: 'Ops', kind: 'email' as const },
    { channelId: 'c2', name: 'Room', kind: 'teams' as const },
  ];

  it('S8 names the recipients, the usual ones, or none where the channel takes none', () => {
    expect(sayRoute({ channelId: 'c1', recipients: ['a@b.example'] }, channels)).toBe('Ops: a@b.example');
    expect(sayRoute({ channelId: 'c1', recipients: [] }, channels)).toBe('Ops: its usual recipients');
    expect(sayRoute({ channelId: 'c2', recipients: [] }, channels)).toBe('Room');
  });

  it('S8 says so when a rule names a channel that is not there', () => {
    expect(sayRoute({ channelId: 'gone', recipients: [] }, channels)).toBe('a channel that is gone');
  });
});
