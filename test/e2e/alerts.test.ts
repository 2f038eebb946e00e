import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alert, alerts, createAlertRule, createChannel } from '../../shared/contract/alerts.ts';
import { dialog, type DashboardUnderTest, level1, openDashboard, soon } from '../support/dashboard.ts';
import { approvedHandAgent, type HandAgent } from '../support/hand-agent.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

/** Deliveries wait for a timer of a minute at most. */
const TOLD_WITHIN_MS = 100_000;

describe('the dashboard: alerts', () => {
  let dashboard: DashboardUnderTest;
  let agent: HandAgent & { readonly runnerId: string };
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    dashboard = await openDashboard();
    receiver = await startWebhookReceiver();
    agent = await approvedHandAgent(dashboard, 'LOSS1');
    await tellOfLosses();
    await agent.loseFiles(['2026-04-13/LOSS1_011002.dat', '2026-04-13/LOSS1_011102.dat']);
  });
  afterAll(async () => {
    await receiver.close();
  });

  /** A rule for this instrument alone: other files of tests raise alerts of their own. */
  const tellOfLosses = async () => {
    const { channel } = await dashboard.client.call(createChannel, {
      body: { kind: 'webhook', name: 'Loss desk', enabled: true, url: receiver.url },
    });
    await dashboard.client.call(createAlertRule, {
      body: {
        name: 'Losses of LOSS1',
        position: 5,
        enabled: true,
        match: { minSeverity: 'info', classes: ['data_loss'], runnerIds: [agent.runnerId] },
        routes: [{ channelId: channel.channelId, recipients: [] }],
      },
    });
  };

  const lossAlertId = async () => {
    const query = { runnerId: agent.runnerId, status: 'all' as const };
    const answer = await dashboard.client.call(alerts, { query });
    return answer.alerts.find((one) => one.class === 'data_loss')?.alertId ?? '';
  };

  it('S8 S10 an incident shows what is lost, until when the customer is told, and who was told', async () => {
    await expect.poll(lossAlertId).not.toBe('');
    await dashboard.onPage('/', async (page) => {
      const item = page.locator('.overview-alerts .alert', { hasText: 'LOSS1_011002.dat' });
      await item.getByRole('link').first().click();
      await soon(async () => new URL(page.url()).pathname).toBe(`/alerts/${await lossAlertId()}`);
      await page.getByText(/^Tell the customer by \d\d:\d\d: \d+ min( \d+ s)? left\.$/).waitFor();
      await page.getByRole('meter', { name: 'Time to tell the customer' }).waitFor();
      await page.getByText('LOSS1_011002.dat').first().waitFor();
      const told = page.getByRole('list', { name: 'Told' }).first();
      await told.getByText('Loss desk').waitFor({ timeout: TOLD_WITHIN_MS });
      await told.getByText('Delivered').waitFor({ timeout: TOLD_WITHIN_MS });
      expect(receiver.received.length).toBeGreaterThan(0);
      await page.getByText('chapter data-loss').waitFor();
      await page.getByRole('link', { name: 'LOSS1', exact: true }).first().click();
      await page.getByRole('table').getByText('2 failed').waitFor();
    });
  });

  it('S8 alerts are filtered in the URL; an alert is snoozed, woken, acknowledged and resolved with a reason', async () => {
    const alertId = await lossAlertId();
    const now = async () => (await dashboard.client.call(alert, { params: { alertId } })).alert;
    await dashboard.onPage('/alerts', async (page) => {
      await page.getByLabel('Instrument').selectOption({ label: 'LOSS1' });
      await page.getByLabel('Severity').selectOption('critical');
      await soon(() => new URL(page.url()).searchParams.get('severity')).toBe('critical');
      const row = page.locator('tbody tr');
      await soon(() => row.count()).toBe(1);
      await row.getByRole('button', { name: 'Snooze…' }).click();
      await dialog(page)
        .getByLabel(/for four hours/)
        .check();
      await dialog(page).getByRole('button', { name: 'Snooze for four hours' }).click();
      await row.getByText('Snoozed', { exact: true }).waitFor();
      expect(Date.parse((await now()).snoozedUntil ?? '')).toBeGreaterThan(Date.now() + 3 * 3_600_000);
      await row.getByRole('button', { name: 'End the snooze' }).click();
      await row.getByText('Open', { exact: true }).waitFor();
      await row.getByRole('button', { name: 'Acknowledge…' }).click();
      await dialog(page).getByLabel('What are you doing about it?').fill('calling the lab');
      await dialog(page).getByRole('button', { name: 'Acknowledge: I am on it' }).click();
      await row.getByText('Acknowledged', { exact: true }).waitFor();
      expect(await now()).toMatchObject({ status: 'acknowledged' });
      await row.getByRole('link').first().click();
      await page.getByText(/calling the lab/).waitFor();
      await page.getByRole('button', { name: 'Resolve…' }).click();
      const confirm = dialog(page).getByRole('button', { name: 'Resolve: it is over' });
      expect(await confirm.isDisabled()).toBe(true);
      await dialog(page).getByLabel('Why is it over?').fill('the lab has copies');
      await confirm.click();
      await page.getByText(/^Over .*the lab has copies/).waitFor();
      expect(await page.getByRole('button', { name: 'Resolve…' }).count()).toBe(0);
      expect(await now()).toMatchObject({ status: 'resolved' });
      await page.goBack();
      await page.getByText('No alert is like that.').waitFor();
      await page.getByLabel('Status').selectOption('resolved');
      await page.locator('tbody tr', { hasText: 'Resolved' }).waitFor();
    });
  });

  it('L5 an alert that is not there is refused in words with an id to quote', async () => {
    await dashboard.onPage('/alerts/no-such-alert', async (page) => {
      await page
        .getByRole('alert')
        .getByText(/There is no alert no-such-alert/)
        .waitFor();
      await page.getByRole('alert').getByText('To quote:').waitFor();
      expect(await level1(page).count()).toBe(0);
    });
  });
});
