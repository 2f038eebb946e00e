import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../shared/contract/access.ts';
import { poisonMessages, workflowKinds, workflowRun } from '../../shared/contract/workflows.ts';
import { type DashboardUnderTest, dialog, level1, openDashboard, soon } from '../support/dashboard.ts';
import { writeRun } from '../support/workflowRows.ts';

describe('the dashboard: workflows', () => {
  let dashboard: DashboardUnderTest;
  const runId = `poisoned-${randomUUID().slice(0, 8)}`;
  beforeAll(async () => {
    dashboard = await openDashboard();
    const ended = { status: 'complete', startedMinutesAgo: 9, endedMinutesAgo: 8 };
    await writeRun(dashboard.sql, { id: runId, name: 'SyncPoison', ...ended });
  }, 240_000);

  it('L5 each workflow of this server stands there with its schedule, its newest run or what it lacks', async () => {
    const { workflows } = await dashboard.client.call(workflowKinds, {});
    await dashboard.onPage('/workflows', async (page) => {
      await soon(() => level1(page).innerText()).toBe('Workflows');
      if (workflows.length === 0) await page.getByText('This server has no workflow.').waitFor();
      for (const { name, missingSettings } of workflows) {
        const card = page.locator('.workflow', { has: page.getByRole('heading', { name, exact: true }) });
        await card.waitFor();
        for (const setting of missingSettings) expect(await card.innerText()).toContain(setting);
        const start = card.getByRole('button', { name: 'Start…' });
        expect(await start.count()).toBe(missingSettings.length === 0 ? 1 : 0);
      }
    });
  });

  it('W10 failed runs are retried in bulk after a preview, and permanent errors are not offered', async () => {
    await dashboard.onPage('/workflows', async (page) => {
      await page.getByRole('button', { name: 'Retry failed runs…' }).click();
      const choice = dialog(page).getByLabel('Failed with');
      const offered = await choice.locator('option').allInnerTexts();
      expect(offered).toContain('ServiceUnavailableError');
      expect(offered).not.toContain('ValidationError');
      await choice.selectOption('TimeoutError');
      await dialog(page).getByRole('button', { name: 'Look first, change nothing' }).click();
      await dialog(page).getByText('there is nothing to retry').waitFor();
      expect(await dialog(page).getByRole('button', { name: 'Retry 0 runs' }).isDisabled()).toBe(true);
      await choice.selectOption('RateLimitError'); // another question: look again first
      await dialog(page).getByRole('button', { name: 'Look first, change nothing' }).waitFor();
    });
  });

  it('W10 the preview names the runs that would go on, and changes nothing', async () => {
    const [kind] = (await dashboard.client.call(workflowKinds, {})).workflows;
    if (kind === undefined) return;
    const failed = { status: 'failed', errorTag: 'RateLimitError', startedMinutesAgo: 9, endedMinutesAgo: 8 };
    await writeRun(dashboard.sql, { id: `${runId}-a`, name: kind.name, ...failed });
    await dashboard.onPage('/workflows', async (page) => {
      await page.getByRole('button', { name: 'Retry failed runs…' }).click();
      await dialog(page).getByLabel('Failed with').selectOption('RateLimitError');
      await dialog(page).getByLabel('Workflow').selectOption(kind.name);
      await dialog(page).getByRole('button', { name: 'Look first, change nothing' }).click();
      await dialog(page)
        .getByText(/^\d+ runs? would go on/)
        .waitFor();
      await dialog(page)
        .getByRole('link', { name: `${runId}-a` })
        .waitFor();
    });
    const { run } = await dashboard.client.call(workflowRun, { params: { runId: `${runId}-a` } });
    expect(run.status).toBe('failed');
  });

  it('W9 a poison message is shown with its run and replayed, which the audit log has', async () => {
    const messageId = await dashboard.poison({ runId, slice: 1 });
    await dashboard.onPage('/workflows', async (page) => {
      await page.getByRole('link', { name: 'Poison messages' }).click();
      const row = page.locator('tbody tr', { hasText: runId });
      await row.waitFor();
      expect(await row.innerText()).toContain('Complete');
      await row.getByRole('button', { name: 'Replay…' }).click();
      await dialog(page).getByText('has no effect').waitFor();
      await dialog(page).getByRole('button', { name: 'Replay 1 message' }).click();
      await page.getByText('1 message put back into the queue.').waitFor();
      await row.waitFor({ state: 'detached' });
    });
    const { messages } = await dashboard.client.call(poisonMessages, {});
    expect(messages.map((message) => message.messageId)).not.toContain(messageId);
    const { entries } = await dashboard.client.call(auditLog, { query: { limit: 50 } });
    expect(
      entries.map(({ action }) => action).filter((action) => action === 'poison_message.replayed'),
    ).not.toEqual([]);
  });
});
