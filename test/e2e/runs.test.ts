import { beforeAll, describe, expect, it } from 'vitest';
import { run, runFiles } from '../../shared/contract/fleet.ts';
import { type DashboardUnderTest, openDashboard, soon } from '../support/dashboard.ts';

describe('the dashboard: runs', () => {
  let dashboard: DashboardUnderTest;
  let runId: string;
  beforeAll(async () => {
    dashboard = await openDashboard();
    runId = await dashboard.archivingRun();
  });

  it('O3 the search of runs stands in the URL and comes back with it', async () => {
    await dashboard.onPage('/runs', async (page) => {
      await page.getByLabel('Search by run id').fill(runId);
      await soon(() => new URL(page.url()).searchParams.get('q')).toBe(runId);
      await soon(() => page.locator('tbody tr').count()).toBe(1);
      await page.getByLabel('Status').selectOption('complete');
      await soon(() => new URL(page.url()).searchParams.get('status')).toBe('complete');
      await page.reload();
      await soon(() => page.getByLabel('Search by run id').inputValue()).toBe(runId);
      await soon(() => page.locator('tbody tr').count()).toBe(1);
      await page.getByLabel('Search by run id').fill('no-such-run');
      await page.getByText('No run is like that.').waitFor();
      await page.getByRole('link', { name: 'Show all runs' }).click();
      await soon(() => new URL(page.url()).search).toBe('');
    });
  });

  it('O4 a run shows its steps, what to do, and what became of each file', async () => {
    const { files } = await dashboard.client.call(runFiles, {
      params: { runId },
      query: { state: 'archived' },
    });
    const wanted = files[0]?.path ?? '';
    await dashboard.onPage(`/runs/${runId}`, async (page) => {
      await page.getByRole('heading', { name: 'Steps' }).waitFor();
      expect(await page.locator('.step').count()).toBeGreaterThan(0);
      const table = page.getByRole('table', { name: 'Files of this run' });
      await table.waitFor();
      await page.getByLabel('State').selectOption('archived');
      await page.getByLabel('Search the files').fill(wanted);
      await soon(() => new URL(page.url()).searchParams.get('q')).toBe(wanted);
      await soon(() => table.locator('tbody tr').count()).toBe(1);
      expect(await table.locator('tbody').innerText()).toContain('Archived');
      await page.getByLabel('State').selectOption('waiting');
      await page.getByText('No file of this run is like that.').waitFor();
    });
  });

  it('O4 F11 a run leads to the log lines of its correlation id', async () => {
    const { run: found } = await dashboard.client.call(run, { params: { runId } });
    await dashboard.onPage(`/runs/${runId}`, async (page) => {
      await page.getByRole('link', { name: 'Lines of this run' }).click();
      await soon(() => new URL(page.url()).searchParams.get('correlation')).toBe(found.correlationId);
      expect(new URL(page.url()).searchParams.get('runner')).toBe(found.runnerId);
      await page.locator('.log-line', { hasText: 'Cycle ended' }).waitFor();
    });
  });
});
