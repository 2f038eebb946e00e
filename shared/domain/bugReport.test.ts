import { describe, expect, it } from 'vitest';
import { bugReport, type ReportedRun } from './bugReport.ts';

const run: ReportedRun = {
  workflow: 'Sync-people.people.getAll',
  runId: 'sync-people-2026-04-13T02-00-00Z',
  correlationId: 'c-1',
  startedAt: '2026-04-13T02:00:00.000Z',
  failedAt: '2026-04-13T02:00:07.000Z',
  lastStep: 'fetch_people',
  tag: 'ValidationError',
  message: 'ValidationError: email is not an address',
  payload: { since: '2026-04-01' },
  cause: { status: 422, body: { errors: [{ source: { pointer: '/data/attributes/email' } }] } },
};

describe('bugReport', () => {
  it('W12 names the execution, the last step, what was sent and what the API said', () => {
    const text = bugReport(run);
    for (const part of [
      'Execution id: sync-people-2026-04-13T02-00-00Z',
      'Last step: fetch_people',
      'Error: ValidationError',
      '"since": "2026-04-01"',
      '"pointer": "/data/attributes/email"',
    ])
      expect(text).toContain(part);
  });

  it('W12 S9 a body ends no fence of the report, and fills no ticket', () => {
    const text = bugReport({ ...run, cause: `\`\`\`\n# forged ${'x'.repeat(100_000)}` });
    expect(text.match(/^```$/gm)).toHaveLength(4);
    expect(text).toContain('… (cut)');
    expect(text.length).toBeLessThan(16_000);
  });

  it('W12 what is not known is left out', () => {
    const text = bugReport({ ...run, failedAt: null, lastStep: null, tag: null, payload: null, cause: null });
    expect(text).not.toContain('null');
    expect(text).not.toContain('Last step');
  });
});
