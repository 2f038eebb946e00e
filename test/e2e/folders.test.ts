import { beforeAll, describe, expect, it } from 'vitest';
import { timers } from '../../shared/contract/operations.ts';
import { folders } from '../../shared/contract/seals.ts';
import { dialog, type DashboardUnderTest, openDashboard, soon } from '../support/dashboard.ts';

describe('the dashboard: folders of a job', () => {
  let dashboard: DashboardUnderTest;
  let params: { runnerId: string; jobId: string };
  beforeAll(async () => {
    dashboard = await openDashboard();
    const { runnerId, jobs } = await dashboard.instrument('ARGO3');
    params = { runnerId, jobId: jobs[0]?.jobId ?? '' };
  });

  const folderNow = async (name: string) =>
    (await dashboard.client.call(folders, { params })).folders.find(({ folder }) => folder === name);

  /** The oldest folder, once a run has found it complete. */
  const provedFolder = async () => {
    const { folders: all } = await dashboard.client.call(folders, { params });
    return all.findLast(({ folder, provedAt }) => folder !== '' && provedAt !== null)?.folder ?? '';
  };

  /** The sweeper must not seal it first. */
  const sweeperIsFar = async () => {
    const { now, timers: all } = await dashboard.client.call(timers, {});
    const next = all.find(({ name }) => name.includes('seal'))?.nextDueAt ?? now;
    return Date.parse(next) - Date.parse(now) > 20_000;
  };

  it('F8 a folder says why it is not sealed yet; a proved one is sealed and unsealed by hand', async () => {
    await expect.poll(provedFolder).not.toBe('');
    const name = await provedFolder();
    await expect.poll(sweeperIsFar).toBe(true);
    await dashboard.onPage(`/runners/${params.runnerId}`, async (page) => {
      await page.getByRole('link', { name: /\d+ sealed, \d+ open/ }).click();
      const row = page.locator('tbody tr', { hasText: name });
      await row.getByText('waits for 24 hours without a new file').waitFor();
      expect(await row.getByRole('button').count()).toBe(0);
      // A day later: nothing new has come, and a run has just found it complete.
      const changed = await dashboard.sql(
        `UPDATE synced_folders SET changed_at = now() - interval '30 hours', proved_at = now() - interval '1 minute'
         WHERE job_id = $1 AND folder = $2`,
        [params.jobId, name],
      );
      expect(changed).toBe(1);
      await row.getByRole('button', { name: `Seal ${name}` }).click();
      await dialog(page).getByText('A write into it unseals it by itself').waitFor();
      await dialog(page)
        .getByRole('button', { name: `Seal ${name}` })
        .click();
      await page.getByRole('status').getByText(`${name} is sealed`).waitFor();
      await row.getByText('Sealed', { exact: true }).waitFor();
      expect(await folderNow(name)).toMatchObject({ state: 'sealed' });
      await page.getByLabel('State').selectOption('sealed');
      await soon(() => new URL(page.url()).searchParams.get('state')).toBe('sealed');
      await row.getByRole('button', { name: `Unseal ${name}` }).click();
      await dialog(page).getByText('Nothing is deleted').waitFor();
      await dialog(page)
        .getByRole('button', { name: `Unseal ${name}` })
        .click();
      await page.getByRole('status').getByText(`${name} is unsealed`).waitFor();
      await soon(async () => (await folderNow(name))?.state).toBe('open');
    });
  });

  it('L5 F8 folders are searched by name, and a search that finds none says so', async () => {
    await dashboard.onPage(`/runners/${params.runnerId}/jobs/${params.jobId}/folders`, async (page) => {
      await page.locator('tbody tr').first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('no-such-folder');
      await page.getByText('No folder is like that.').waitFor();
    });
  });
});
