import type { Request } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { isFocused, visit } from '../support/browser.ts';
import { dialog, type DashboardUnderTest, level1, openDashboard, soon } from '../support/dashboard.ts';
import { approvedHandAgent } from '../support/hand-agent.ts';

const PHONE = { width: 360, height: 780 };

describe('the dashboard: from page to page', () => {
  let dashboard: DashboardUnderTest;
  beforeAll(async () => {
    dashboard = await openDashboard();
    await dashboard.archivingRun();
    await (await approvedHandAgent(dashboard, 'KEYS1')).loseFiles(['2026-04-13/KEYS1_000001.dat']);
  });

  it('L5 a phone’s bar keeps the other pages under More', async () => {
    await dashboard.onPage(
      '/',
      async (page) => {
        await page
          .getByRole('link', { name: /^Alerts/ })
          .first()
          .waitFor();
        expect(await page.getByRole('link', { name: 'Audit' }).isVisible()).toBe(false);
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('link', { name: 'Audit' }).click();
        await soon(() => level1(page).innerText()).toBe('Audit');
        expect(await page.getByRole('link', { name: 'Settings' }).isVisible()).toBe(false);
      },
      { viewport: PHONE },
    );
  });

  it('L5 the keyboard goes to pages, to the search, through the rows and to its own help', async () => {
    await dashboard.onPage('/', async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await soon(() => level1(page).innerText()).toBe('Runs');
      await page.getByRole('table').waitFor();
      await page.keyboard.press('/');
      await soon(() => isFocused(page, page.getByLabel('Search by run id'))).toBe(true);
      await page.keyboard.type('g'); // typed into a field, it is a letter
      await soon(() => new URL(page.url()).searchParams.get('q')).toBe('g');
      await page.getByText('No run is like that.').waitFor();
      await page.keyboard.press('Backspace');
      await page.getByRole('table').waitFor();
      await page.locator('main').focus();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      const firstRow = page.locator('tbody tr').first().getByRole('link').first();
      await soon(() => isFocused(page, firstRow)).toBe(true);
      await page.keyboard.press('Enter');
      await soon(() => new URL(page.url()).pathname).toMatch(/^\/runs\/.+/);
      await page.keyboard.press('?');
      await dialog(page).getByText('Next row, previous row').waitFor();
      await page.keyboard.press('Escape');
      await soon(() => dialog(page).count()).toBe(0);
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await soon(() => new URL(page.url()).pathname).toBe('/');
      await page.keyboard.press('/');
      await soon(() => new URL(page.url()).pathname).toBe('/runs');
      await soon(() => isFocused(page, page.getByLabel('Search by run id'))).toBe(true);
    });
  });

  it.each([
    ['e', 'Alerts'],
    ['l', 'Logs'],
    ['w', 'Workflows'],
    ['c', 'Changes'],
    ['p', 'Operations'],
    ['u', 'Audit'],
    ['s', 'Settings'],
  ])('L5 g then %s leads to %s', async (key, title) => {
    await dashboard.onPage('/', async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await soon(() => level1(page).innerText()).toBe(title);
    });
  });

  it('L5 / puts the cursor into the search of the page, j goes through alerts', async () => {
    await dashboard.onPage('/alerts?status=all', async (page) => {
      await page.locator('tbody tr').first().waitFor();
      await page.keyboard.press('j');
      const firstAlert = page.locator('tbody tr').first().getByRole('link').first();
      await soon(() => isFocused(page, firstAlert)).toBe(true);
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      await page.getByText('Whose log?').waitFor();
      await page.keyboard.press('/');
      await soon(() => isFocused(page, page.getByLabel('Search the lines'))).toBe(true);
    });
  });

  it('L5 the skip link leads past the navigation', async () => {
    await dashboard.onPage('/runs', async (page) => {
      await level1(page).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await soon(() => isFocused(page, page.locator('main'))).toBe(true);
    });
  });

  it('P8 the script travels in under 250 KB, with every page that is fetched after the first', async () => {
    const scripts: Request[] = [];
    const { page, context } = await visit(dashboard.browser, dashboard, 'about:blank');
    page.on('requestfinished', (request) => {
      if (request.resourceType() === 'script') scripts.push(request);
    });
    await page.goto('/');
    await page.getByLabel('Password').waitFor();
    await soon(() => scripts.some((script) => script.url().includes('NotificationsPage'))).toBe(true);
    // Whatever comes on the heels of the last page is counted too; of what comes later still, nobody asks when the page is gone.
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(scripts.map((script) => script.sizes()));
    const total = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThanOrEqual(250 * 1024);
    await context.close();
  });
});
