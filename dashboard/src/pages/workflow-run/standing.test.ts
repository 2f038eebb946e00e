import { describe, expect, it } from 'vitest';
import { standingOf } from './standing.ts';

const now = Date.parse('2026-04-13T02:00:00.000Z');
const later = '2026-04-13T02:00:16.000Z';
type Where = Parameters<typeof standingOf>[0];

const where = (status: string, nextSliceAt: string | null, steps: string[], endedAt: string | null = null) =>
  ({
    run: { status, endedAt },
    nextSliceAt,
    steps: steps.map((step) => ({ status: step })),
  }) as unknown as Where;

describe('standingOf', () => {
  it('O5 a run that goes on later says whether it sleeps or tries again', () => {
    expect(standingOf(where('running', later, ['complete', 'running']), now)).toEqual({
      kind: 'sleeps',
      at: later,
    });
    expect(standingOf(where('running', later, ['complete', 'error']), now)).toEqual({
      kind: 'retries',
      at: later,
    });
  });

  it('O5 a slice that is due has nobody at work on it until a step runs', () => {
    const due = '2026-04-13T01:59:00.000Z';
    expect(standingOf(where('running', due, ['complete']), now)?.kind).toBe('due');
    expect(standingOf(where('running', due, ['complete', 'running']), now)?.kind).toBe('works');
  });

  it('O5 a broken chain goes on by itself when the queue answers; what ended or is paused does not', () => {
    expect(standingOf(where('failed', later, ['complete', 'failed']), now)?.kind).toBe('broken');
    expect(standingOf(where('failed', null, ['failed'], later), now)).toBeUndefined();
    expect(standingOf(where('paused', later, ['running']), now)).toBeUndefined();
    expect(standingOf(where('complete', null, ['complete'], later), now)).toBeUndefined();
  });
});
