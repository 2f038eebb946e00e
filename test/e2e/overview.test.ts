import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fleet } from '../../shared/contract/fleet.ts';
import { type DashboardUnderTest, level1, openDashboard, soon } from '../support/dashboard.ts';

describe('the dashboard: the first page', () => {
  let dashboard: DashboardUnderTest;
  beforeAll(async () => {
    dashboard = await openDashboard();
    await dashboard.archivingRun();
  });

  it('L5 the first screen says in the server’s own sentence whether anything is at risk', async () => {
    await dashboard.onPage('/', async (page) => {
      const heading = level1(page);
      const serversSentence = async () => {
        const answer = await dashboard.client.call(fleet, {});
        return (await heading.innerText()).includes(answer.risk.sentence);
      };
      await soon(serversSentence).toBe(true);
      for (const name of ['ARGO1', 'ARGO2', 'ARGO3'])
        await page.getByRole('link', { name, exact: true }).first().waitFor();
      expect(await page.title()).toMatch(/^(Safe|Attention|At risk) · Overview · DataSync$/);
    });
  });

  it('L5 a card shows state in a word, backlog, last run, heartbeat, version and the last day', async () => {
    await dashboard.onPage('/', async (page) => {
      const card = page.locator('.runner-card', { hasText: 'ARGO1' });
      const text = await card.innerText();
      for (const fact of ['Backlog', 'Last run', 'Heartbeat', 'Version']) expect(text).toContain(fact);
      expect(text).toMatch(/Safe|Attention|At risk/);
      await card.getByRole('img', { name: /Archived by ARGO\d: [\d,]+ files? in 24 hours/ }).waitFor();
      expect(await card.locator('time').first().getAttribute('title')).toMatch(/UTC$/);
    });
  });

  it('F14 S7 with files that wait, the nearest purge is named in hours and leads to its instrument', async () => {
    await dashboard.onPage('/', async (page) => {
      // An instrument whose agent still has to send something: made by the answer, as a backlog of seconds is not to be caught.
      await page.route('**/api/fleet', async (route) => {
        const response = await route.fetch();
        const answer = (await response.json()) as { runners: Array<{ name: string; jobs: object[] }> };
        const forecast = {
          state: 'forecast',
          purgeAt: new Date(Date.now() + 31.2 * 3_600_000).toISOString(),
          hoursLeft: 31.2,
          needSeconds: 720,
          assumedPerHour: 90,
          isAtRisk: false,
          sentence: '412 files wait.',
        };
        for (const runner of answer.runners)
          for (const job of runner.jobs)
            Object.assign(job, {
              forecast: runner.name === 'ARGO3' ? forecast : { ...forecast, hoursLeft: null },
            });
        await route.fulfill({ response, json: answer });
      });
      await page.reload();
      await page.getByRole('link', { name: 'ARGO3 in 31 h' }).waitFor();
      const card = page.locator('.runner-card', { hasText: 'ARGO3' });
      await card.getByText('No loss for 31 h').waitFor();
      await card.getByText('backlog needs 12 min').waitFor();
      const meter = card.getByRole('meter', { name: /backlog of ARGO3/ });
      expect(await meter.getAttribute('aria-valuetext')).toContain('backlog needs 12 min');
    });
  });

  it('L5 the theme follows the system until somebody chooses, and the choice stays', async () => {
    const shown = (page: Page) => page.locator('html').getAttribute('data-theme');
    await dashboard.onPage('/', async (page) => expect(await shown(page)).toBe('dark'), {
      colorScheme: 'dark',
    });
    await dashboard.onPage('/', async (page) => {
      expect(await shown(page)).toBe('light');
      await page.getByRole('button', { name: 'Use the dark theme' }).click();
      await soon(() => shown(page)).toBe('dark');
      await page.reload();
      await page.getByRole('button', { name: 'Use the light theme' }).waitFor();
      expect(await shown(page)).toBe('dark');
    });
  });

  it('L5 while the server is away the page keeps what it knew and says how old it is', async () => {
    await dashboard.onPage('/', async (page) => {
      await page.locator('.runner-card').first().waitFor();
      const sentence = await level1(page).innerText();
      await page.route('**/api/**', (route) => route.abort());
      await page.getByText('The server does not answer.').waitFor();
      await page.getByText(/What you see is from \d\d:\d\d:\d\d, .* ago\./).waitFor();
      expect(await level1(page).innerText()).toBe(sentence);
      await page.getByText('this page cannot know').waitFor();
      expect(await page.title()).toBe('Not known · Overview · DataSync');
      expect(await page.locator('.runner-card').count()).toBeGreaterThan(0);
      await page.unroute('**/api/**');
      await soon(() => page.getByText('The server does not answer.').count()).toBe(0);
    });
  });
});
