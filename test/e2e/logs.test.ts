import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LogLevel, shipLogs } from '../../shared/contract/logs.ts';
import { type DashboardUnderTest, openDashboard, soon } from '../support/dashboard.ts';
import { approvedHandAgent, type HandAgent } from '../support/hand-agent.ts';

describe('the dashboard: logs', () => {
  let dashboard: DashboardUnderTest;
  let agent: HandAgent & { readonly runnerId: string };
  let sequence = 0;
  beforeAll(async () => {
    dashboard = await openDashboard();
    agent = await approvedHandAgent(dashboard, 'LOG1');
  });

  const say = async (level: LogLevel, message: string, correlationId: string | null = null) => {
    sequence += 1;
    const line = { at: new Date().toISOString(), sequence, level, message, correlationId, jobId: null };
    await agent.client.call(shipLogs, { body: { lines: [line], dropped: 0 } });
  };

  it('F11 an instrument is chosen first; new lines come by themselves, filtered as the URL says', async () => {
    await say('Information', 'the lens is clean');
    await dashboard.onPage('/logs', async (page) => {
      await page.getByRole('link', { name: 'LOG1' }).click();
      const lines = page.locator('.log-line');
      await lines.filter({ hasText: 'the lens is clean' }).waitFor();
      await say('Error', 'the disk is full');
      await lines.filter({ hasText: 'the disk is full' }).waitFor();
      await page.getByLabel('Level').selectOption('Warning');
      await soon(() => lines.filter({ hasText: 'the lens is clean' }).count()).toBe(0);
      expect(await lines.filter({ hasText: 'the disk is full' }).count()).toBe(1);
      await page.reload();
      await lines.filter({ hasText: 'the disk is full' }).waitFor();
      await page.getByLabel('Search the lines').fill('nothing says this');
      await page.getByText('No line is like that.').waitFor();
      await page.getByRole('link', { name: 'Show all lines of the last 24 hours' }).click();
      await lines.filter({ hasText: 'the lens is clean' }).waitFor();
    });
  });

  it('F11 what a line holds is shown as text: markup, terminal colours and turned-around names do nothing', async () => {
    await say('Warning', '<img src=x onerror=alert(1)> \u001b[31mred\u001b[0m cod\u202egpj.exe');
    await dashboard.onPage(`/logs?runner=${agent.runnerId}`, async (page) => {
      const line = page.locator('.log-line', { hasText: '<img src=x' });
      await line.waitFor();
      expect(await line.locator('img').count()).toBe(0);
      expect(await line.locator('.log-text code').innerText()).toContain('\\x1b[31mred');
      expect(await line.locator('.log-text code').innerText()).toContain('cod\\u202egpj.exe');
    });
  });

  it('F11 a line is copied with its time, level and correlation id, and leads to the other lines of that id', async () => {
    const correlationId = randomUUID();
    await say('Information', 'one of a run', correlationId);
    await say('Information', 'of no run');
    await dashboard.onPage(
      `/logs?runner=${agent.runnerId}`,
      async (page) => {
        const line = page.locator('.log-line', { hasText: 'one of a run' });
        await line.getByRole('button', { name: 'Copy the line' }).click();
        const copied = await page.evaluate<string>('navigator.clipboard.readText()');
        expect(copied).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z Information /);
        expect(copied).toContain(`[${correlationId}] one of a run`);
        await line.getByRole('link').click();
        await soon(() => new URL(page.url()).searchParams.get('correlation')).toBe(correlationId);
        await soon(() => page.locator('.log-line').count()).toBe(1);
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
  });
});
