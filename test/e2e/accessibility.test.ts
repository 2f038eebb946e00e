import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { seriousFaults, sidewaysScroll } from '../support/browser.ts';
import { type DashboardUnderTest, level1, openDashboard, soon } from '../support/dashboard.ts';
import { approvedHandAgent } from '../support/hand-agent.ts';
import { writeChanges, writeRun } from '../support/workflowRows.ts';
import { alerts } from '../../shared/contract/alerts.ts';
import { run } from '../../shared/contract/fleet.ts';

/** Axe on all pages, on a machine that does other things as well. */
const EVERY_PAGE_WITHIN_MS = 480_000;
const PAGES_RUN = `pages-${randomUUID().slice(0, 8)}`;
const PHONE = { width: 360, height: 780 };
const DESK = { width: 1280, height: 720 };

describe('the dashboard: every page', () => {
  let dashboard: DashboardUnderTest;
  /** With few rows where a filter allows it: each costs time and shows nothing new. */
  let paths: readonly string[];
  beforeAll(async () => {
    dashboard = await openDashboard();
    const runId = await dashboard.archivingRun();
    const { run: found } = await dashboard.client.call(run, { params: { runId } });
    await aWorkflowRun();
    const { runnerId, jobs } = await dashboard.instrument('ARGO3');
    paths = [
      '/',
      '/alerts?status=all&effects=yes',
      `/alerts/${await anAlertId()}`,
      `/runners/${runnerId}`,
      `/runners/${runnerId}/jobs/${jobs[0]?.jobId ?? ''}/folders`,
      `/runs?q=${runId}`,
      `/runs/${runId}`,
      `/runs/${PAGES_RUN}`,
      '/workflows',
      '/workflows/poison',
      '/changes',
      '/agents',
      '/audit',
      `/logs?runner=${found.runnerId ?? ''}&correlation=${found.correlationId}`,
      '/operations',
      '/deliveries',
      '/settings',
      '/settings/notifications',
    ];
  });

  const anAlertId = async () => {
    const agent = await approvedHandAgent(dashboard, 'PAGES1');
    await agent.loseFiles(['2026-04-13/PAGES1_000001.dat']);
    const query = { runnerId: agent.runnerId };
    return (await dashboard.client.call(alerts, { query })).alerts[0]?.alertId ?? '';
  };

  const aWorkflowRun = async () => {
    const at = { startedMinutesAgo: 9, endedMinutesAgo: 8 };
    const cause = { status: 422, body: { errors: [{ title: 'No', source: { pointer: '/data' } }] } };
    const result = { message: 'It said no.', tag: 'ValidationError', activity: 'push', cause };
    const run = {
      id: PAGES_RUN,
      name: 'SyncPages',
      status: 'failed',
      errorTag: 'ValidationError',
      result,
      ...at,
    };
    const steps = [
      { step: 'fetch', status: 'complete', records: [9, 9], result: { value: { pages: 1 } }, ...at },
      { step: 'push', status: 'failed', error: 'ValidationError: It said no. '.repeat(60), ...at },
      { step: 'write_log', status: 'pending' },
    ] as const;
    await writeRun(dashboard.sql, run, steps);
    const change = {
      eventType: 'status_changed',
      oldValue: 'Current',
      newValue: 'Deleted',
      detail: 'A title',
    };
    const of = { runId: PAGES_RUN, register: 'pages', entityType: 'unit' };
    await writeChanges(dashboard.sql, of, [{ entityCode: `${PAGES_RUN}-A`, ...change }]);
    await dashboard.poison({ runId: PAGES_RUN, slice: 1 });
  };

  /** Opens each page and waits until it has what it shows. */
  const eachPage = async (page: Page, look: (path: string) => Promise<void>) => {
    for (const path of paths) {
      await page.goto(path);
      await level1(page).waitFor();
      await soon(() => page.locator('.placeholder').count()).toBe(0);
      await look(path);
    }
  };

  it(
    'L5 no page is wider than a phone, or has a serious accessibility fault in the light theme or the dark',
    async () => {
      await dashboard.onPage('/', (page) =>
        eachPage(page, async (path) => {
          expect(await seriousFaults(page)).toEqual([]);
          // The other theme has the same elements in other colours.
          await page.emulateMedia({ colorScheme: 'dark' });
          await page.locator('html[data-theme=dark]').waitFor();
          await soon(() => seriousFaults(page, { rules: ['color-contrast'] })).toEqual([]);
          await page.emulateMedia({ colorScheme: 'light' });
          await page.setViewportSize(PHONE);
          await soon(async () => `${path} ${String(await sidewaysScroll(page))}`).toBe(`${path} 0`);
          await page.setViewportSize(DESK);
        }),
      );
    },
    EVERY_PAGE_WITHIN_MS,
  );
});
