import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditResults } from '../../shared/contract/audit.ts';
import { fleet, runFiles, runner, runs } from '../../shared/contract/fleet.ts';
import {
  enrolOneAgent,
  isFocused,
  openBrowser,
  seriousFaults,
  sidewaysScroll,
  signIn,
  visit,
} from '../support/browser.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const FIRST_FILES_WITHIN_MS = 120_000;
const SOON_MS = 20_000;
const PHONE = { width: 360, height: 780 };
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: SOON_MS });
const dialog = (page: Page) => page.getByRole('dialog');
const level1 = (page: Page) => page.getByRole('heading', { level: 1 });

describe('the dashboard on a running platform', () => {
  let platform: TestPlatform;
  let browser: Browser;
  let session: BrowserContextOptions['storageState'];

  beforeAll(async () => {
    platform = await startTestPlatform({ fleet: 2, rate: 60 });
    browser = await openBrowser();
    const { page, context } = await visit(browser, platform, '/');
    await signIn(page, platform);
    session = await context.storageState();
    await context.close();
    await vi.waitFor(mustArchivingRun, { timeout: FIRST_FILES_WITHIN_MS, interval: 1000 });
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await platform.stop();
  });

  /** The id of a finished run that archived files. */
  async function archivingRun(): Promise<string | undefined> {
    const { runs: found } = await platform.client.call(runs, { query: { limit: 50 } });
    return found.find((run) => run.endedAt !== null && run.filesArchived > 0)?.runId;
  }

  async function mustArchivingRun(): Promise<string> {
    const runId = await archivingRun();
    if (runId === undefined) throw new Error('no finished run archived a file; wanted: at least one');
    return runId;
  }

  /** Opens a page as the operator; at the end nothing may have been complained about. */
  async function onPage(
    path: string,
    look: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    const state = session === undefined ? {} : { storageState: session };
    const { page, context, complaints } = await visit(browser, platform, path, { ...state, ...options });
    try {
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      await look(page);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }

  it('A3 a wrong password is refused in words, and the right one leads to the page that was asked for', async () => {
    const { page, context } = await visit(browser, platform, '/audit?audit=none');
    await page.getByLabel('E-mail address').fill(platform.credentials.operator.email);
    await page.getByLabel('Password').fill('not-the-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await soon(() => page.getByRole('alert').innerText()).toBe('The address or the password is wrong.');
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);
    await signIn(page, platform);
    await soon(() => level1(page).innerText()).toBe('Audit');
    expect(new URL(page.url()).pathname).toBe('/audit');
    await context.close();
  });

  it('A3 a session that ends leads to the sign-in and back to the same page', async () => {
    await onPage('/settings', async (page) => {
      await page.context().clearCookies();
      await page.getByText('Your session has ended.').waitFor();
      expect(new URL(page.url()).pathname).toBe('/settings');
      await signIn(page, platform);
      await soon(() => level1(page).innerText()).toBe('Settings');
    });
  });

  it('L5 the first screen says in the server’s own sentence whether anything is at risk', async () => {
    await onPage('/', async (page) => {
      const heading = level1(page);
      const serversSentence = async () => {
        const answer = await platform.client.call(fleet, {});
        return (await heading.innerText()).includes(answer.risk.sentence);
      };
      await soon(serversSentence).toBe(true);
      for (const name of ['ARGO1', 'ARGO2'])
        await page.getByRole('link', { name, exact: true }).first().waitFor();
      expect(await page.locator('.runner-card').count()).toBe(2);
      expect(await page.title()).toMatch(/^(Safe|Attention|At risk) · Overview · DataSync$/);
    });
  });

  it('L5 a card shows state in a word, backlog, last run, heartbeat, version and the last day', async () => {
    await onPage('/', async (page) => {
      const card = page.locator('.runner-card').first();
      const text = await card.innerText();
      for (const fact of ['Backlog', 'Last run', 'Heartbeat', 'Version']) expect(text).toContain(fact);
      expect(text).toMatch(/Safe|Attention|At risk/);
      await card.getByRole('img', { name: /Archived by ARGO\d: [\d,]+ files? in 24 hours/ }).waitFor();
      expect(await card.locator('time').first().getAttribute('title')).toMatch(/UTC$/);
    });
  });

  it('L5 the keyboard goes to pages, to the search, through the rows and to its own help', async () => {
    await onPage('/', async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await soon(() => level1(page).innerText()).toBe('Runs');
      await page.getByRole('table').waitFor();
      await page.keyboard.press('/');
      await soon(() => isFocused(page, page.getByLabel('Search by run id'))).toBe(true);
      await page.keyboard.type('g'); // typed into a field, it is a letter
      await soon(() => new URL(page.url()).searchParams.get('q')).toBe('g');
      await page.getByText('No run is like that.').waitFor();
      await page.keyboard.press('Backspace');
      await page.getByRole('table').waitFor();
      await page.locator('main').focus();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      const firstRow = page.locator('tbody tr').first().getByRole('link').first();
      await soon(() => isFocused(page, firstRow)).toBe(true);
      await page.keyboard.press('Enter');
      await soon(() => new URL(page.url()).pathname).toMatch(/^\/runs\/.+/);
      await page.keyboard.press('?');
      await dialog(page).getByText('Next row, previous row').waitFor();
      await page.keyboard.press('Escape');
      await soon(() => dialog(page).count()).toBe(0);
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await soon(() => new URL(page.url()).pathname).toBe('/');
      await page.keyboard.press('/');
      await soon(() => new URL(page.url()).pathname).toBe('/runs');
      await soon(() => isFocused(page, page.getByLabel('Search by run id'))).toBe(true);
    });
  });

  it('O3 the search of runs stands in the URL and comes back with it', async () => {
    const runId = await mustArchivingRun();
    await onPage('/runs', async (page) => {
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
    const runId = await mustArchivingRun();
    const { files } = await platform.client.call(runFiles, {
      params: { runId },
      query: { state: 'archived' },
    });
    const wanted = files[0]?.path ?? '';
    await onPage(`/runs/${runId}`, async (page) => {
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

  it('F1 an agent is approved by its pairing code and becomes an instrument', async () => {
    const pairingCode = await enrolOneAgent(platform);
    await onPage('/agents', async (page) => {
      const card = page.locator('.agent-card', { hasText: pairingCode });
      await card.getByRole('button', { name: 'Approve' }).click();
      await dialog(page).getByText(pairingCode).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await dialog(page).getByLabel('Name of the instrument').fill('HAND1');
      await dialog(page).getByRole('button', { name: 'Approve HAND1' }).click();
      await page.getByRole('status').getByText('is approved').waitFor();
      await soon(() => card.count()).toBe(0);
      await page.goto('/');
      await page.getByRole('link', { name: 'HAND1', exact: true }).first().waitFor();
    });
  });

  it('F10 sync now says when it starts; a pause says what it costs and who paused', async () => {
    const { runners } = await platform.client.call(fleet, {});
    const argo = runners.find((candidate) => candidate.name === 'ARGO1');
    const runnerId = argo?.runnerId ?? '';
    const pausedReason = async () => {
      const answer = await platform.client.call(runner, { params: { runnerId } });
      return answer.runner.jobs[0]?.pausedReason ?? null;
    };
    await onPage(`/runners/${runnerId}`, async (page) => {
      await page.getByRole('button', { name: 'Sync now' }).click();
      await page.getByRole('status').getByText('it starts with its next heartbeat').waitFor();
      await page.getByRole('button', { name: 'Pause…' }).click();
      await dialog(page).getByText('what the instrument deletes meanwhile is lost').waitFor();
      await dialog(page).getByLabel('Why?').fill('cleaning the lens');
      await dialog(page)
        .getByRole('button', { name: /^Pause / })
        .click();
      await soon(pausedReason).toContain('cleaning the lens');
      await page.getByText('Paused: cleaning the lens').waitFor();
      expect(await page.getByRole('button', { name: 'Sync now' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Resume' }).click();
      await soon(pausedReason).toBeNull();
      await page.getByRole('button', { name: 'Pause…' }).waitFor();
    });
  });

  it('F9 a reconcile counts first and shows its numbers before anything changes', async () => {
    const { runners } = await platform.client.call(fleet, {});
    await onPage(`/runners/${runners[0]?.runnerId ?? ''}`, async (page) => {
      await page.getByRole('button', { name: 'Reconcile…' }).click();
      await dialog(page).getByRole('button', { name: 'Count first, change nothing' }).click();
      await dialog(page).getByText('Files listed').waitFor({ timeout: 60_000 });
      await dialog(page).getByRole('button', { name: 'Reconcile now' }).waitFor();
      await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    });
  });

  it('S11 the audit runs on a button, shows its checks with evidence and keeps the result', async () => {
    const before = await platform.client.call(auditResults, {});
    await onPage('/audit', async (page) => {
      await page.getByRole('button', { name: 'Run the audit now' }).click();
      await page.getByRole('status').getByText('The audit is done').waitFor();
      const after = await platform.client.call(auditResults, {});
      expect(after.results.length).toBe(Math.min(50, before.results.length + 1));
      await soon(() => page.locator('.check').count()).toBe(after.results[0]?.checks.length);
      const check = page.locator('.check', { hasText: 'AGENT_ALIVE' });
      if (!(await check.locator('.evidence').isVisible())) await check.locator('summary').click();
      await check.locator('.evidence').getByText('ARGO1').waitFor();
      await page.getByRole('table', { name: 'Earlier audits, newest first' }).waitFor();
    });
  });

  it('A3 a token is shown once, works, and is refused once revoked', async () => {
    await onPage('/settings', async (page) => {
      await page.getByRole('button', { name: 'Make a token…' }).click();
      await dialog(page).getByLabel('Name').fill('for the test');
      await dialog(page).getByRole('button', { name: 'Make the token' }).click();
      const token = await dialog(page).locator('.copyable code').innerText();
      const statusWith = async () =>
        (await fetch(`${platform.url}/api/session`, { headers: { authorization: `Bearer ${token}` } }))
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

  it('L5 the theme follows the system until somebody chooses, and the choice stays', async () => {
    const shown = (page: Page) => page.locator('html').getAttribute('data-theme');
    await onPage('/', async (page) => expect(await shown(page)).toBe('dark'), { colorScheme: 'dark' });
    await onPage('/', async (page) => {
      expect(await shown(page)).toBe('light');
      await page.getByRole('button', { name: 'Use the dark theme' }).click();
      await soon(() => shown(page)).toBe('dark');
      await page.reload();
      await page.getByRole('button', { name: 'Use the light theme' }).waitFor();
      expect(await shown(page)).toBe('dark');
    });
  });

  it('L5 no page is wider than a phone', async () => {
    const runId = await mustArchivingRun();
    const { runners } = await platform.client.call(fleet, {});
    const paths = [
      `/runners/${runners[0]?.runnerId ?? ''}`,
      '/runs',
      `/runs/${runId}`,
      '/agents',
      '/audit',
      '/settings',
    ];
    await onPage(
      '/',
      async (page) => {
        expect(await sidewaysScroll(page)).toBe(0);
        for (const path of paths) {
          await page.goto(path);
          await level1(page).waitFor();
          expect(`${path} ${await sidewaysScroll(page)}`).toBe(`${path} 0`);
        }
      },
      { viewport: PHONE },
    );
  });

  it.each(['light', 'dark'] as const)(
    'L5 no serious accessibility fault in the %s theme',
    async (colorScheme) => {
      const runId = await mustArchivingRun();
      const { runners } = await platform.client.call(fleet, {});
      const paths = [
        '/',
        `/runners/${runners[0]?.runnerId ?? ''}`,
        '/runs',
        `/runs/${runId}`,
        '/agents',
        '/audit',
        '/settings',
      ];
      await onPage(
        '/',
        async (page) => {
          for (const path of paths) {
            await page.goto(path);
            await level1(page).waitFor();
            expect(await seriousFaults(page)).toEqual([]);
          }
        },
        { colorScheme },
      );
    },
  );

  it('L5 the skip link leads past the navigation', async () => {
    await onPage('/runs', async (page) => {
      await level1(page).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await soon(() => isFocused(page, page.locator('main'))).toBe(true);
    });
  });

  it('P8 the script travels in under 250 KB', async () => {
    const sizes: Array<Promise<number>> = [];
    const { page, context } = await visit(browser, platform, 'about:blank');
    page.on('requestfinished', (request) => {
      if (request.resourceType() === 'script')
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto('/');
    await page.getByLabel('Password').waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThanOrEqual(250 * 1024);
    await context.close();
  });

  it('L5 while the server is away the page keeps what it knew and says how old it is', async () => {
    await onPage('/', async (page) => {
      await page.locator('.runner-card').first().waitFor();
      const sentence = await level1(page).innerText();
      await page.route('**/api/**', (route) => route.abort());
      await page.getByText('The server does not answer.').waitFor();
      await page.getByText(/What you see is from \d\d:\d\d:\d\d, .* ago\./).waitFor();
      expect(await level1(page).innerText()).toBe(sentence);
      await page.getByText('this page cannot know').waitFor();
      expect(await page.title()).toBe('Not known · Overview · DataSync');
      expect(await page.locator('.runner-card').count()).toBeGreaterThan(0);
      await page.unroute('**/api/**');
      await soon(() => page.getByText('The server does not answer.').count()).toBe(0);
    });
  });
});
