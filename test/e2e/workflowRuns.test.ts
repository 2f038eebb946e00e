import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../shared/contract/access.ts';
import { type DashboardUnderTest, dialog, level1, openDashboard, soon } from '../support/dashboard.ts';
import { writeChanges, writeRun } from '../support/workflowRows.ts';

/** What an API of JSON:API form said. */
const refusal = {
  status: 422,
  request: 'POST https://people.example/api/people',
  body: {
    errors: [
      {
        status: '422',
        title: 'Invalid attribute',
        detail: 'is not an address',
        source: { pointer: '/data/attributes/email' },
      },
    ],
  },
};

describe('the dashboard: runs of workflows', () => {
  let dashboard: DashboardUnderTest;
  const unique = randomUUID().slice(0, 8);
  const idOf = (name: string) => `${name}-${unique}`;
  beforeAll(async () => {
    dashboard = await openDashboard();
    const { sql } = dashboard;
    await writeRun(
      sql,
      {
        id: idOf('people-failed'),
        name: 'SyncPages',
        status: 'failed',
        reason: 'email is not an address',
        startedMinutesAgo: 12,
        endedMinutesAgo: 9,
        errorTag: 'ValidationError',
        records: [1200, 1180],
        payload: { since: '2026-04-01' },
        result: {
          message: 'email is not an address',
          tag: 'ValidationError',
          activity: 'push_people',
          cause: refusal,
        },
      },
      [
        { step: 'init', kind: 'init', status: 'complete', startedMinutesAgo: 12, endedMinutesAgo: 12 },
        {
          step: 'fetch_people',
          status: 'complete',
          records: [1200, 1180],
          startedMinutesAgo: 12,
          endedMinutesAgo: 9.5,
          result: { value: { pages: 24, recordsIn: 1200, recordsOut: 1180 } },
        },
        {
          step: 'push_people',
          status: 'failed',
          error: 'ValidationError: email is not an address',
          startedMinutesAgo: 9.5,
          endedMinutesAgo: 9,
        },
        { step: 'write_log', status: 'pending' },
      ],
    );
    await writeRun(
      sql,
      {
        id: idOf('people-sleeping'),
        name: 'SyncPages',
        status: 'running',
        startedMinutesAgo: 3,
        goesOnInMinutes: 90,
        pointer: 'wait_for_quota',
        records: [400, 400],
      },
      [
        { step: 'fetch', status: 'complete', records: [400, 400], startedMinutesAgo: 3, endedMinutesAgo: 1 },
        { step: 'wait_for_quota', status: 'running', startedMinutesAgo: 1 },
      ],
    );
    await writeRun(sql, {
      id: idOf('people-missed'),
      name: 'SyncPages',
      status: 'stale',
      reason: 'never started: the platform was down',
      startedMinutesAgo: 60 * 24 * 8,
      endedMinutesAgo: 60 * 24 * 8 - 30, // noticed half an hour later
    });
    await writeRun(
      sql,
      {
        id: idOf('register-done'),
        name: 'register_pages',
        status: 'complete',
        startedMinutesAgo: 40,
        endedMinutesAgo: 30,
        records: [3, 3],
      },
      [{ step: 'sweep', status: 'complete', records: [3, 3], startedMinutesAgo: 40, endedMinutesAgo: 30 }],
    );
    const of = { runId: idOf('register-done'), register: 'pages', entityType: 'unit' };
    await writeChanges(sql, of, [
      change('appeared', `${unique}A`, null, 'Current'),
      change('superseded', `${unique}B`, `${unique}B`, `${unique}C`),
      change('status_changed', `${unique}D`, 'Current', 'Deleted'),
    ]);
  }, 240_000);

  it('O1 the feed shows records of workflows, what started them, and the kind of error', async () => {
    await dashboard.onPage(`/runs?q=${idOf('people-failed')}`, async (page) => {
      const row = page.locator('tbody tr');
      await soon(() => row.count()).toBe(1);
      for (const text of ['Failed', 'ValidationError', 'SyncPages', '1,200 in', '1,180 out', 'by schedule'])
        expect(await row.innerText()).toContain(text);
      expect(await row.getAttribute('class')).not.toContain('past');
    });
  });

  it('O1 a cycle that never started reads as such, and is dimmed after a week', async () => {
    await dashboard.onPage(`/runs?q=${idOf('people-missed')}`, async (page) => {
      const row = page.locator('tbody tr');
      await soon(() => row.count()).toBe(1);
      expect(await row.innerText()).toContain('Never started');
      expect(await row.getAttribute('class')).toContain('past');
      await row.getByRole('link').first().click();
      await page.locator('p.lead', { hasText: 'was due' }).waitFor();
      await page.getByText('It was due and never began.').waitFor();
      expect(await page.getByRole('heading', { name: 'Steps' }).count()).toBe(0);
    });
  });

  it('W4 W12 a failed run says what the API refused and where, and its bug report is ready', async () => {
    await dashboard.onPage(
      `/runs/${idOf('people-failed')}`,
      async (page) => {
        await soon(() => level1(page).innerText()).toBe('SyncPages');
        const note = page.locator('.failure');
        for (const text of [
          'ValidationError',
          'push_people',
          'Permanent',
          '/data/attributes/email',
          'is not an address',
        ])
          expect(await note.innerText()).toContain(text);
        await note.getByRole('button', { name: 'Copy bug report' }).click();
        await note.getByRole('button', { name: 'Copied' }).waitFor();
        const report = await page.evaluate<string>('navigator.clipboard.readText()');
        for (const text of [
          `Execution id: ${idOf('people-failed')}`,
          'Last step: push_people',
          '"since": "2026-04-01"',
          '"pointer": "/data/attributes/email"',
        ])
          expect(report).toContain(text);
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
  });

  it('O2 steps stand in their order on the time of the run, with records, error in full and what is to come', async () => {
    await dashboard.onPage(`/runs/${idOf('people-failed')}`, async (page) => {
      const steps = page.locator('.step');
      await soon(() => steps.count()).toBe(4);
      const texts = await steps.allInnerTexts();
      expect(texts.map((text) => text.split(/\s/)[0])).toEqual([
        'init',
        'fetch_people',
        'push_people',
        'write_log',
      ]);
      expect(texts[1]).toContain('1,200 in · 1,180 out');
      expect(texts[2]).toContain('ValidationError: email is not an address');
      expect(texts[3]).toContain('Pending');
      const bar = steps.nth(2).locator('.lane-bar');
      expect(Number(await bar.getAttribute('x'))).toBeCloseTo(83.33, 1);
      expect(await steps.nth(3).locator('.lane').count()).toBe(0);
    });
  });

  it('O5 a run that sleeps says until when, its pointer and the waiting messages', async () => {
    await dashboard.onPage(`/runs/${idOf('people-sleeping')}`, async (page) => {
      await page.getByText('sleeps until').waitFor();
      await page.getByText('wait_for_quota', { exact: true }).first().waitFor();
      await page.getByText(/messages? of all runs/).waitFor();
    });
  });

  it('W2 pause, resume and terminate stand there when they may be done, say what they do, and are in the audit log', async () => {
    const runId = idOf('people-sleeping');
    await dashboard.onPage(`/runs/${runId}`, async (page) => {
      const buttons = page.locator('.page-head .actions').getByRole('button');
      await soon(() => buttons.allInnerTexts()).toEqual(['Pause…', 'Terminate…']);
      await page.getByRole('button', { name: 'Pause…' }).click();
      await dialog(page).getByText('Nothing is lost.').waitFor();
      await dialog(page).getByLabel('Why?').fill('the vendor asked');
      await dialog(page).getByRole('button', { name: 'Pause it' }).click();
      await soon(() => buttons.allInnerTexts()).toEqual(['Resume…', 'Terminate…']);
      await page.getByText('when somebody resumes it').waitFor();
      await page.getByRole('button', { name: 'Terminate…' }).click();
      await dialog(page).getByText('What it has written stays: 400 records.').waitFor();
      await dialog(page).getByRole('button', { name: 'Terminate it' }).click();
      await soon(() => buttons.allInnerTexts()).toEqual([]);
      await page.getByText('Terminated', { exact: true }).first().waitFor();
    });
    const { entries } = await dashboard.client.call(auditLog, { query: { limit: 50 } });
    const done = entries.filter(({ subjectId }) => subjectId === runId);
    expect(done.map(({ action }) => action).toSorted()).toEqual([
      'workflow_run.paused',
      'workflow_run.terminated',
    ]);
    expect(JSON.stringify(done)).toContain('the vendor asked');
  });

  it('O7 changes are filtered in the URL, show before and after, and lead to the run that saw them', async () => {
    await dashboard.onPage('/changes', async (page) => {
      await page.getByLabel('Search by code').fill(`${unique}B`);
      await soon(() => new URL(page.url()).searchParams.get('q')).toBe(`${unique}B`);
      const rows = page.locator('tbody tr');
      await soon(() => rows.count()).toBe(1);
      expect(await rows.innerText()).toMatch(new RegExp(`Superseded[^]*${unique}B[^]*→[^]*${unique}C`));
      await rows.getByRole('link').first().click();
      await soon(() => new URL(page.url()).pathname).toBe(`/runs/${idOf('register-done')}`);
      await page.getByRole('link', { name: 'In the feed' }).click();
      await soon(() => new URL(page.url()).searchParams.get('run')).toBe(idOf('register-done'));
      await soon(() => rows.count()).toBe(3);
      await page.getByLabel('Kind').selectOption('status_changed');
      await soon(() => rows.count()).toBe(1);
      await page.goto('/');
      await page.getByRole('heading', { name: 'Newest changes' }).waitFor();
    });
  });
});

function change(eventType: string, entityCode: string, oldValue: string | null, newValue: string | null) {
  return { eventType, entityCode, oldValue, newValue, detail: 'Title of the unit' };
}
