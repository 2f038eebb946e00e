import { beforeAll, describe, expect, it } from 'vitest';
import { saySchedule } from '../../dashboard/src/format/schedule.ts';
import { timers } from '../../shared/contract/operations.ts';
import { type DashboardUnderTest, openDashboard } from '../support/dashboard.ts';

describe('the dashboard: operations', () => {
  let dashboard: DashboardUnderTest;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });

  it('S13 every timer is shown with its state in a word, and how many need a look', async () => {
    const { timers: all } = await dashboard.client.call(timers, {});
    expect(all.length).toBeGreaterThan(3);
    await dashboard.onPage('/operations', async (page) => {
      const table = page.getByRole('table', { name: 'Timers' });
      await table.waitFor();
      expect(await table.locator('tbody tr').count()).toBe(all.length);
      for (const { schedule } of all) {
        const said = table.getByText(saySchedule(schedule), { exact: true });
        expect(await said.and(table.locator(`[title^="${schedule} ("]`)).count()).toBeGreaterThan(0);
      }
      const states = await table.locator('tbody .status-mark').allInnerTexts();
      for (const state of states) expect(state.trim()).toMatch(/^(On time|Late|Blind|Failing|Not yet)$/);
      await page.getByText(/^(All \d+ timers are on time\.|\d+ of \d+ timers needs? a look:)/).waitFor();
    });
  });

  it('S14 space says how full the database is, or that it is not measured yet', async () => {
    await dashboard.onPage('/operations', async (page) => {
      const measured = page.locator('.quota', { hasText: 'database' });
      const notYet = page.getByText('Not measured yet');
      await measured.or(notYet).first().waitFor();
    });
  });

  it('S8 deliveries stand on a page of their own, beside the timers, and are filtered by state', async () => {
    await dashboard.onPage('/operations', async (page) => {
      await page.getByRole('link', { name: 'Deliveries' }).click();
      await page.getByLabel('State').selectOption('pending');
      await page.waitForURL(/\/deliveries\?status=pending$/);
    });
  });
});
