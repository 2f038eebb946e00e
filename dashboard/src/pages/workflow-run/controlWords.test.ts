import { describe, expect, it } from 'vitest';
import { controlWords } from './controlWords.ts';

type Facts = Parameters<typeof controlWords>[1];

const facts = (more: { recordsOut?: number; changes?: number; done?: number; isPermanent?: boolean } = {}) =>
  ({
    run: { runId: 'r1', recordsOut: more.recordsOut ?? null },
    steps: Array.from({ length: more.done ?? 0 }, () => ({ kind: 'work', status: 'complete' })),
    failure: more.isPermanent === undefined ? null : { isPermanent: more.isPermanent },
    changes: more.changes ?? 0,
  }) as unknown as Facts;

describe('controlWords', () => {
  it('W2 terminating says with numbers what stays, before it does it', () => {
    expect(controlWords('terminate', facts()).before).toContain('It has written nothing yet.');
    expect(controlWords('terminate', facts({ recordsOut: 1200, changes: 1 })).before).toContain(
      'What it has written stays: 1,200 records and 1 change.',
    );
  });

  it('W2 retrying says after what it goes on, and that a permanent failure comes again', () => {
    expect(controlWords('retry', facts()).before).toContain('after its beginning');
    expect(controlWords('retry', facts({ done: 3 })).before).toContain('after the 3 steps that are finished');
    expect(controlWords('retry', facts({ isPermanent: false })).before).not.toContain('the same comes again');
    expect(controlWords('retry', facts({ isPermanent: true })).before).toContain('the same comes again');
  });
});
