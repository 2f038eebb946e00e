import { beforeAll, describe, expect, it } from 'vitest';
import { auditResults } from '../../shared/contract/audit.ts';
import { type DashboardUnderTest, openDashboard, soon } from '../support/dashboard.ts';

describe('the dashboard: the audit', () => {
  let dashboard: DashboardUnderTest;
  beforeAll(async () => {
    dashboard = await openDashboard();
    await dashboard.instrument('ARGO1');
  });

  it('S11 the audit runs on a button, shows its checks with evidence and keeps the result', async () => {
    const before = await dashboard.client.call(auditResults, {});
    await dashboard.onPage('/audit', async (page) => {
      await page.getByRole('button', { name: 'Run the audit now' }).click();
      await page.getByRole('status').getByText('The audit is done').waitFor();
      const after = await dashboard.client.call(auditResults, {});
      expect(after.results.length).toBe(Math.min(50, before.results.length + 1));
      await soon(() => page.locator('.check').count()).toBe(after.results[0]?.checks.length);
      const check = page.locator('.check', { hasText: 'AGENT_ALIVE' });
      if (!(await check.locator('.evidence').isVisible())) await check.locator('summary').click();
      await check.locator('.evidence').getByText('ARGO1').waitFor();
      await page.getByRole('table', { name: 'Earlier audits, newest first' }).waitFor();
    });
  });
});
