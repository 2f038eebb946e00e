import { AxeBuilder } from '@axe-core/playwright';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import type { TestPlatform } from './platform.ts';

/** Debian's Chromium; without these flags it looks for services that a closed network has not. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Below the time of a test, so that the step that hung is named. */
const STEP_WITHIN_MS = 120_000;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained about: script errors, refused by its content security policy, broken keys. */
  readonly complaints: readonly string[];
}

/** A person with a browser of their own, not signed in. */
export async function visit(
  browser: Browser,
  platform: Pick<TestPlatform, 'url'>,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: platform.url, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_WITHIN_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isRefusal(message.text())) complaints.push(message.text());
  });
  await page.goto(path);
  return { context, page, complaints };
}

/** Chromium reports each refused or failed request itself; what the page makes of it is the test's business. */
function isRefusal(text: string): boolean {
  return text.startsWith('Failed to load resource');
}

export async function signIn(page: Page, platform: Pick<TestPlatform, 'credentials'>): Promise<void> {
  const { email, password } = platform.credentials.operator;
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

/** Pixels by which the page is wider than its window. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

export async function isFocused(page: Page, element: Locator): Promise<boolean> {
  return (await element.and(page.locator(':focus')).count()) === 1;
}

/** What axe calls serious or critical on the page as it is, with the elements. */
export async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${page.url()} ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
}
