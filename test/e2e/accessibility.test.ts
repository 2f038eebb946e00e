import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFaults, sidewaysScroll } from '../support/browser.ts';
import { type DashboardUnderTest, level1, openDashboard, soon } from '../support/dashboard.ts';
import { approvedHandAgent } from '../support/hand-agent.ts';
import { alerts } from '../../shared/contract/alerts.ts';
import { run } from '../../shared/contract/fleet.ts';

/** Axe on all pages, on a machine that does other things as well. */
const A_THEME_WITHIN_MS = 240_000;
const PHONE = { width: 360, height: 780 };

describe('the dashboard: every page', () => {
  let dashboard: DashboardUnderTest;
  /** With few rows where a filter allows it: each costs time and shows nothing new. */
  let paths: readonly string[];
  beforeAll(async () => {
    dashboard = await openDashboard();
    const runId = await dashboard.archivingRun();
    const { run: found } = await dashboard.client.call(run, { params: { runId } });
    const { runnerId, jobs } = await dashboard.instrument('ARGO3');
    paths = [
      '/',
      '/alerts?status=all&effects=yes',
      `/alerts/${await anAlertId()}`,
      `/runners/${runnerId}`,
      `/runners/${runnerId}/jobs/${jobs[0]?.jobId ?? ''}/folders`,
      `/runs?q=${runId}`,
      `/runs/${runId}`,
      '/agents',
      '/audit',
      `/logs?runner=${found.runnerId ?? ''}&correlation=${found.correlationId}`,
      '/operations',
      '/deliveries',
      '/settings',
      '/settings/notifications',
    ];
  });
  afterAll(() => dashboard.close());

  const anAlertId = async () => {
    const agent = await approvedHandAgent(dashboard, 'PAGES1');
    await agent.loseFiles(['2026-04-13/PAGES1_000001.dat']);
    const query = { runnerId: agent.runnerId };
    return (await dashboard.client.call(alerts, { query })).alerts[0]?.alertId ?? '';
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

  it('L5 no page is wider than a phone', async () => {
    await dashboard.onPage(
      '/',
      (page) =>
        eachPage(page, async (path) => {
          expect(`${path} ${await sidewaysScroll(page)}`).toBe(`${path} 0`);
        }),
      { viewport: PHONE },
    );
  });

  it.each(['light', 'dark'] as const)(
    'L5 no serious accessibility fault in the %s theme',
    async (colorScheme) => {
      await dashboard.onPage(
        '/',
        (page) =>
          eachPage(page, async () => {
            expect(await seriousFaults(page)).toEqual([]);
          }),
        { colorScheme },
      );
    },
    A_THEME_WITHIN_MS,
  );
});
