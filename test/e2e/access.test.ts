import { beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../shared/contract/access.ts';
import { seriousFaults, signIn, visit } from '../support/browser.ts';
import { dialog, type DashboardUnderTest, level1, openDashboard, soon } from '../support/dashboard.ts';

describe('the dashboard: who comes in', () => {
  let dashboard: DashboardUnderTest;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });

  it('A3 a wrong password is refused in words, and the right one leads to the page that was asked for', async () => {
    const { page, context } = await visit(dashboard.browser, dashboard, '/audit?audit=none');
    await page.getByLabel('E-mail address').fill(dashboard.credentials.operator.email);
    await page.getByLabel('Password').fill('not-the-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await soon(() => page.getByRole('alert').innerText()).toBe('The address or the password is wrong.');
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);
    await signIn(page, dashboard);
    await soon(() => level1(page).innerText()).toBe('Audit');
    expect(new URL(page.url()).pathname).toBe('/audit');
    await context.close();
  });

  it('A3 a session that ends leads to the sign-in and back to the same page', async () => {
    await dashboard.onPage('/settings', async (page) => {
      await page.context().clearCookies();
      await page.getByText('Your session has ended.').waitFor();
      expect(new URL(page.url()).pathname).toBe('/settings');
      await signIn(page, dashboard);
      await soon(() => level1(page).innerText()).toBe('Settings');
    });
  });

  it('A3 a token is shown once, works, and is refused once revoked', async () => {
    await dashboard.onPage('/settings', async (page) => {
      await page.getByRole('button', { name: 'Make a token…' }).click();
      await dialog(page).getByLabel('Name').fill('for the test');
      await dialog(page).getByRole('button', { name: 'Make the token' }).click();
      const token = await dialog(page).locator('.copyable code').innerText();
      const statusWith = async () =>
        (await fetch(`${dashboard.url}/api/session`, { headers: { authorization: `Bearer ${token}` } }))
          .status;
      expect(await statusWith()).toBe(200);
      await dialog(page).getByRole('button', { name: 'I have it' }).click();
      expect(await page.getByText(token).count()).toBe(0);
      await page.getByRole('button', { name: 'Revoke for the test' }).click();
      await dialog(page).getByRole('button', { name: 'Revoke for the test' }).click();
      await page.getByRole('status').getByText('is revoked').waitFor();
      expect(await statusWith()).toBe(401);
    });
  });

  it('A3 a person is added as a viewer, who sees no button that acts, and is then kept out', async () => {
    const email = 'viewer@example.org';
    const password = 'a long enough password';
    await dashboard.onPage('/settings', async (page) => {
      await page.getByRole('button', { name: 'Add a person…' }).click();
      await dialog(page).getByLabel('Name', { exact: true }).fill('Vera Viewer');
      await dialog(page).getByLabel('E-mail address').fill(email);
      await dialog(page).getByLabel('First password').fill(password);
      await dialog(page).getByRole('button', { name: 'Add the person' }).click();
      await page.getByRole('status').getByText('Vera Viewer can sign in now.').waitFor();
    });
    const { runnerId } = await dashboard.instrument('ARGO1');
    const { page, context } = await visit(dashboard.browser, dashboard, `/runners/${runnerId}`);
    await signIn(page, {
      credentials: { ...dashboard.credentials, operator: { email, password, token: '' } },
    });
    await page.getByRole('heading', { name: 'ARGO1', level: 1 }).waitFor();
    await page.getByText('files on the source').first().waitFor();
    for (const name of ['Sync now', 'Pause…', 'Reconcile…', 'Edit…'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    await page.goto('/agents');
    await page.getByText('Operators decide here.').waitFor();
    await page.goto('/settings');
    await level1(page).waitFor();
    expect(await page.getByRole('button', { name: 'Add a person…' }).count()).toBe(0);
    await dashboard.onPage('/settings', async (admin) => {
      await admin.getByRole('button', { name: 'Edit Vera Viewer' }).click();
      await dialog(admin).getByLabel('Keep out').check();
      await dialog(admin).getByRole('button', { name: 'Save and end their sessions' }).click();
      await admin.getByRole('status').getByText('Vera Viewer is changed').waitFor();
    });
    const { users: everybody } = await dashboard.client.call(users, {});
    expect(everybody.find((one) => one.email === email)).toMatchObject({ role: 'viewer', disabled: true });
    await page.reload();
    await page.getByLabel('Password').waitFor();
    await context.close();
  });
});
