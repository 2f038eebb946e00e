import { describe, expect, it } from 'vitest';
import { isPast, neverBegan, runMark, sayRunKind, sayStarter } from './runWords.ts';

const due = '2026-04-13T02:00:00.000Z';

describe('runWords', () => {
  it('O1 a cycle that never started, or was skipped, reads as such; a run that fell silent is stale', () => {
    const missed = { status: 'stale', statusReason: 'never started: the platform was down' } as const;
    expect(neverBegan(missed)).toBe(true);
    expect(runMark(missed)).toEqual({ shape: 'warn', word: 'Never started' });
    expect(runMark({ ...missed, statusReason: 'skipped: the run before it still went on' }).word).toBe(
      'Skipped',
    );
    expect(runMark({ ...missed, statusReason: 'no sign of life for 30 min' }).word).toBe('Stale');
    expect(runMark({ ...missed, statusReason: null }).word).toBe('Stale');
    expect(runMark({ ...missed, status: 'running' }).word).toBe('Running');
  });

  it('O1 a run is dimmed after seven days', () => {
    const now = Date.parse(due) + 7 * 24 * 3_600_000;
    expect(isPast({ startedAt: due }, now)).toBe(false);
    expect(isPast({ startedAt: due }, now + 1)).toBe(true);
  });

  it('L5 a workflow keeps the name by which people search for it', () => {
    expect(sayRunKind({ syncType: 'SyncAllPeople', isWorkflow: true })).toBe('SyncAllPeople');
    expect(sayRunKind({ syncType: 'file_sync', isWorkflow: false })).toBe('File sync');
  });

  it('O1 who or what started a run is said', () => {
    expect(sayStarter({ trigger: 'cron', triggeredBy: null })).toBe('schedule');
    expect(sayStarter({ trigger: 'agent', triggeredBy: null })).toBe('its agent');
    expect(sayStarter({ trigger: 'manual', triggeredBy: 'olga@example.org' })).toBe('olga@example.org');
  });
});
