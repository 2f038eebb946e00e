import { beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../shared/client/index.ts';
import { fleet } from '../../shared/contract/fleet.ts';
import { seedFleet, seededJob } from '../../shared/contract/seeding.ts';
import { seriousFaults } from '../support/browser.ts';
import { dialog, type DashboardUnderTest, openDashboard, soon } from '../support/dashboard.ts';
import { approvedHandAgent, enrolHandAgent } from '../support/hand-agent.ts';

describe('the dashboard: agents that ask to be let in', () => {
  let dashboard: DashboardUnderTest;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });

  it('F1 an agent is approved by its pairing code and becomes an instrument', async () => {
    const agent = await enrolHandAgent(dashboard.url, 'hand-pc');
    await dashboard.onPage('/agents', async (page) => {
      const card = page.locator('.agent-card', { hasText: agent.pairingCode });
      await card.getByRole('button', { name: 'Approve' }).click();
      await dialog(page).getByText(agent.pairingCode).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await dialog(page).getByLabel('Name of the instrument').fill('HAND1');
      await dialog(page).getByRole('button', { name: 'Approve HAND1' }).click();
      await page.getByRole('status').getByText('is approved').waitFor();
      await soon(() => card.count()).toBe(0);
      await page.goto('/');
      await page.getByRole('link', { name: 'HAND1', exact: true }).first().waitFor();
    });
    expect(await agent.enrolment()).toMatchObject({ status: 'approved' });
  });

  it('F1 an agent is paired with an instrument that exists, whose old agent loses its rights', async () => {
    const old = await approvedHandAgent(dashboard, 'PAIR1');
    const rebuilt = await enrolHandAgent(dashboard.url, 'rebuilt-pc');
    await dashboard.onPage('/agents', async (page) => {
      const card = page.locator('.agent-card', { hasText: rebuilt.pairingCode });
      await card.getByRole('button', { name: 'Pair with an instrument…' }).click();
      await dialog(page).getByLabel('Instrument').selectOption({ label: 'PAIR1' });
      await dialog(page).getByText('Takes the place of PAIR1.').waitFor();
      await dialog(page).getByRole('button', { name: 'Pair and replace the agent of PAIR1' }).click();
      await page.getByRole('status').getByText('is approved').waitFor();
      await soon(() => card.count()).toBe(0);
    });
    expect(await rebuilt.enrolment()).toMatchObject({ status: 'approved', runnerId: old.runnerId });
    expect((await rebuilt.beat()).map(({ name }) => name)).toEqual(['geometry']);
    const refusal = await old.beat().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ProblemError);
    expect((refusal as ProblemError).problem.code).toBe('runner-superseded');
  });

  it('F1 an agent is rejected with a reason and hears of it', async () => {
    const agent = await enrolHandAgent(dashboard.url, 'stranger-pc');
    await dashboard.onPage('/agents', async (page) => {
      const card = page.locator('.agent-card', { hasText: agent.pairingCode });
      await card.getByRole('button', { name: 'Reject…' }).click();
      await dialog(page).getByLabel('Why?').fill('nobody knows this PC');
      await dialog(page).getByRole('button', { name: 'Reject stranger-pc' }).click();
      await page.getByRole('status').getByText('stranger-pc is rejected').waitFor();
      await soon(() => card.count()).toBe(0);
      await page.goto('/settings');
      await page
        .getByRole('table', { name: 'Audit log, newest first' })
        .getByText('nobody knows this PC')
        .waitFor();
    });
    expect(await agent.enrolment()).toMatchObject({ status: 'rejected', runnerId: null });
  });

  it('F1 F3 the agents that seeded instruments wait for are let in together', async () => {
    const job = seededJob.parse({ name: 'geometry', kind: 'geometry', sourcePath: 'D:\\seeded' });
    const runners = ['seed-1', 'seed-2'].map((runnerId) => ({
      runnerId,
      name: runnerId.toUpperCase(),
      group: 'Seeded hall',
      jobs: [job],
    }));
    await dashboard.client.call(seedFleet, { body: { runners, dryRun: false } });
    const agents = [
      await enrolHandAgent(dashboard.url, 'seeded-pc-1', 'seed-1'),
      await enrolHandAgent(dashboard.url, 'seeded-pc-2', 'seed-2'),
    ];
    await dashboard.onPage('/agents', async (page) => {
      await page.getByText('seed-1, which waits for it').waitFor();
      await page.getByRole('button', { name: 'Approve 2 agents…' }).click();
      for (const { pairingCode } of agents) await dialog(page).getByText(pairingCode).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await dialog(page).getByRole('button', { name: 'Approve 2 agents', exact: true }).click();
      await page.getByRole('status').getByText('2 agents let in').waitFor();
    });
    for (const agent of agents) {
      expect(await agent.enrolment()).toMatchObject({ status: 'approved' });
      expect((await agent.beat()).map(({ sourcePath }) => sourcePath)).toEqual(['D:\\seeded']);
    }
    const { runners: all } = await dashboard.client.call(fleet, {});
    const seeded = all.filter(({ group }) => group === 'Seeded hall');
    expect(seeded.map(({ name, presence }) => `${name} ${presence}`)).toEqual([
      'SEED-1 online',
      'SEED-2 online',
    ]);
  });

  it('F1 A3 an instrument is disabled, its agent is refused at once, and goes on when it is enabled', async () => {
    const agent = await approvedHandAgent(dashboard, 'STOLEN1');
    const refusal = () =>
      agent.beat().then(
        () => 'none',
        (error: unknown) => (error as ProblemError).problem.code,
      );
    await dashboard.onPage(`/runners/${agent.runnerId}`, async (page) => {
      await page.getByRole('button', { name: 'Edit instrument…' }).click();
      await dialog(page).getByLabel('Group').fill('Hall of fame');
      await dialog(page).getByRole('button', { name: 'Save' }).click();
      await page.getByText('Hall of fame', { exact: true }).waitFor();

      await page.getByRole('button', { name: 'Disable…' }).click();
      await dialog(page).getByText('loses its access').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await dialog(page).getByRole('button', { name: 'Disable STOLEN1' }).click();
      await page.getByText('Disabled: nothing of this instrument is archived.').waitFor();
      expect(await refusal()).toBe('not-allowed');

      await page.getByRole('button', { name: 'Enable', exact: true }).click();
      await page.getByRole('status').getByText('STOLEN1 is enabled').waitFor();
      expect(await refusal()).toBe('none');
    });
  });
});
