import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertRules, channels } from '../../shared/contract/alerts.ts';
import { maintenanceWindows } from '../../shared/contract/maintenance.ts';
import { dialog, type DashboardUnderTest, openDashboard, soon } from '../support/dashboard.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const CHANNEL = 'Lab hook';

describe('the dashboard: who is told of what', () => {
  let dashboard: DashboardUnderTest;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    dashboard = await openDashboard();
    receiver = await startWebhookReceiver();
    await dashboard.instrument('ARGO1');
    await dashboard.instrument('ARGO2');
  });
  afterAll(async () => {
    await receiver.close();
  });

  it('S8 a channel is added, tried and found failing; its secret is never shown again', async () => {
    await dashboard.onPage('/settings/notifications', async (page) => {
      await page.getByRole('button', { name: 'Add a channel…' }).click();
      await dialog(page).getByLabel('Kind').selectOption('webhook');
      await dialog(page).getByLabel('Name').fill(CHANNEL);
      await dialog(page).getByText('Address is missing.').waitFor();
      await dialog(page).getByLabel('Address').fill(receiver.url);
      await dialog(page).getByRole('button', { name: 'Save the channel' }).click();
      const row = page.locator('tbody tr', { hasText: CHANNEL });
      await row.getByText('Not tried yet').filter({ visible: true }).waitFor();
      await row.getByRole('button', { name: `Send a test through ${CHANNEL}` }).click();
      await dialog(page).getByRole('button', { name: 'Send the test' }).click();
      await dialog(page).getByText('The other side took it').waitFor();
      expect(receiver.received).toHaveLength(1);
      receiver.answerWith(410);
      await dialog(page).getByRole('button', { name: 'Send another' }).click();
      await dialog(page).getByText('It did not get through.').waitFor();
      await dialog(page).getByRole('button', { name: 'Close' }).click();
      await row.getByText('Failing').filter({ visible: true }).waitFor();
      receiver.answerWith(200);
      await row.getByRole('button', { name: `Edit ${CHANNEL}` }).click();
      expect(await dialog(page).getByLabel('Address').inputValue()).toBe('');
      await dialog(page).getByRole('button', { name: 'Save the channel' }).click();
      await soon(() => dialog(page).count()).toBe(0);
      expect(await page.content()).not.toContain(receiver.url);
      await row.getByRole('link', { name: CHANNEL }).click();
      await page.getByRole('table', { name: 'Deliveries, newest first' }).getByText('Test').first().waitFor();
    });
    const { channels: all } = await dashboard.client.call(channels, {});
    expect(all.find(({ name }) => name === CHANNEL)).toMatchObject({ hasSecret: true });
    expect(JSON.stringify(all)).not.toContain(receiver.url);
  });

  it('S8 a rule says whom it tells, is switched off and deleted', async () => {
    const rule = async () =>
      (await dashboard.client.call(alertRules, {})).rules.find(({ name }) => name === 'Night shift');
    await dashboard.onPage('/settings/notifications', async (page) => {
      await page.getByRole('button', { name: 'Add a rule…' }).click();
      await dialog(page).getByLabel('Name').fill('Night shift');
      await dialog(page).getByLabel('Alerts of').selectOption('warning');
      await dialog(page).getByLabel('Data loss').check();
      await dialog(page).getByLabel('ARGO1').check();
      await dialog(page).getByLabel(`${CHANNEL} (Webhook)`).check();
      await dialog(page).getByRole('button', { name: 'Save the rule' }).click();
      const row = page.locator('tbody tr', { hasText: 'Night shift' });
      await row.getByText('Warnings and critical ones, class data loss, of ARGO1').waitFor();
      await row.getByText(CHANNEL, { exact: true }).waitFor();
      await row.getByRole('button', { name: 'Edit Night shift' }).click();
      await dialog(page).getByLabel('Switched on').uncheck();
      await dialog(page).getByRole('button', { name: 'Save the rule' }).click();
      await row.getByText('Switched off', { exact: true }).waitFor();
      expect(await rule()).toMatchObject({ enabled: false, match: { minSeverity: 'warning' } });
      await row.getByRole('button', { name: 'Delete Night shift' }).click();
      await dialog(page).getByText('It tells 1 channel now').waitFor();
      await dialog(page).getByRole('button', { name: 'Delete Night shift' }).click();
      await soon(() => row.count()).toBe(0);
      expect(await rule()).toBeUndefined();
    });
  });

  it('S8 a maintenance window says for how long whose alerts are quiet, and is ended', async () => {
    await dashboard.onPage('/settings/notifications', async (page) => {
      await page.getByRole('button', { name: 'Add a window…' }).click();
      await dialog(page).getByText('Data loss is always told').waitFor();
      await dialog(page).getByLabel('Instrument').selectOption({ label: 'ARGO2' });
      await dialog(page).getByLabel('Why?').fill('laser exchange');
      await dialog(page).getByRole('button', { name: 'Keep ARGO2 quiet for 2 h' }).click();
      const row = page.locator('tbody tr', { hasText: 'laser exchange' });
      await row.getByText('Quiet now').waitFor();
      await row.getByRole('button', { name: 'End now' }).click();
      await row.getByText('Over').waitFor();
    });
    const { now, windows } = await dashboard.client.call(maintenanceWindows, {});
    const ended = windows.find(({ reason }) => reason === 'laser exchange');
    expect(Date.parse(ended?.endsAt ?? '')).toBeLessThanOrEqual(Date.parse(now));
  });
});
