import { beforeAll, describe, expect, it } from 'vitest';
import { runner, type RunnerView, runs } from '../../shared/contract/fleet.ts';
import { dialog, type DashboardUnderTest, openDashboard, soon } from '../support/dashboard.ts';

describe('the dashboard: an instrument and its job', () => {
  let dashboard: DashboardUnderTest;
  let first: RunnerView;
  let second: RunnerView;
  beforeAll(async () => {
    dashboard = await openDashboard();
    first = await dashboard.instrument('ARGO1');
    second = await dashboard.instrument('ARGO2');
    await dashboard.archivingRun();
  });

  const jobOf = async ({ runnerId }: RunnerView) => {
    const answer = await dashboard.client.call(runner, { params: { runnerId } });
    return answer.runner.jobs[0];
  };

  it('F10 sync now says when it starts; a pause says what it costs and who paused', async () => {
    await dashboard.onPage(`/runners/${first.runnerId}`, async (page) => {
      await page.getByRole('button', { name: 'Sync now' }).click();
      await page.getByRole('status').getByText('it starts with its next heartbeat').waitFor();
      await page.getByRole('button', { name: 'Pause…' }).click();
      await dialog(page).getByText('what the instrument deletes meanwhile is lost').waitFor();
      await dialog(page).getByLabel('Why?').fill('cleaning the lens');
      await dialog(page)
        .getByRole('button', { name: /^Pause / })
        .click();
      await soon(async () => (await jobOf(first))?.pausedReason).toContain('cleaning the lens');
      await page.getByText('Paused: cleaning the lens').waitFor();
      expect(await page.getByRole('button', { name: 'Sync now' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Resume' }).click();
      await soon(async () => (await jobOf(first))?.pausedReason).toBeNull();
      await page.getByRole('button', { name: 'Pause…' }).waitFor();
    });
  });

  it('F10 a job is edited; what the contract refuses is refused in words before it is sent', async () => {
    await dashboard.onPage(`/runners/${first.runnerId}`, async (page) => {
      await page.getByRole('button', { name: 'Edit…' }).click();
      await dialog(page).getByLabel('Look every').fill('2');
      await dialog(page)
        .getByText(/^The schedule is not possible/)
        .waitFor();
      expect(await dialog(page).getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
      await dialog(page).getByLabel('Look every').fill('45');
      await dialog(page).getByLabel('Leave out').fill('**/*.tmp');
      await dialog(page).getByRole('button', { name: 'Save' }).click();
      await page.getByRole('status').getByText('is changed').waitFor();
      await page.getByText('every file; not **/*.tmp').waitFor();
      expect(await jobOf(first)).toMatchObject({ scheduleSeconds: 45, exclude: ['**/*.tmp'] });
    });
  });

  it('F9 a reconcile counts first, shows its numbers, and then does it', async () => {
    await dashboard.onPage(`/runners/${second.runnerId}`, async (page) => {
      await page.getByRole('button', { name: 'Reconcile…' }).click();
      await dialog(page).getByRole('button', { name: 'Count first, change nothing' }).click();
      await dialog(page).getByText('Files listed').waitFor();
      await dialog(page).getByRole('button', { name: 'Reconcile now' }).click();
      await page.getByRole('status').getByText('is being reconciled; its run is under Runs').waitFor();
      const ended = async () => {
        const query = { syncType: 'reconcile', runnerId: second.runnerId, limit: 2 };
        const { runs: found } = await dashboard.client.call(runs, { query });
        return found.map(({ status }) => status);
      };
      await expect.poll(ended).toEqual(['complete', 'complete']);
      await page.goto(`/runs?type=reconcile&runner=${second.runnerId}`);
      await page.locator('tbody tr').first().getByRole('link').first().click();
      await page.getByRole('heading', { name: 'Reconcile of ARGO2', level: 1 }).waitFor();
      await page.getByText('Complete', { exact: true }).first().waitFor();
    });
  });

  it('F14 the purge forecast is said in words and drawn, with the cap and what would be lost now', async () => {
    await dashboard.onPage(`/runners/${second.runnerId}`, async (page) => {
      const forecast = page.locator('.forecast');
      await forecast.getByText('Instrument keeps').waitFor();
      await forecast.getByText('What would be gone if something were lost now').click();
      await forecast.locator('.evidence li').first().waitFor();
      // Two heartbeats make a curve.
      const picture = forecast.getByRole('img', { name: /^Files on the source over time\./ });
      await picture.waitFor();
      await picture.locator('canvas').waitFor();
      await picture.getByText('On the source').waitFor();
    });
  });
});
