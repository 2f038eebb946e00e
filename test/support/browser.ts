import { existsSync } from 'node:fs';
import axe from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import type { TestPlatform } from './platform.ts';

/** Without its window it starts and draws at half the cost; on systems that have only the whole program, that one. */
const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** Without these flags it looks for services that a closed network has not. */
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

let shared: Promise<Browser> | undefined;

/** The browser that all test files of a process share; it ends with the process. */
export function sharedBrowser(): Promise<Browser> {
  return (shared ??= openBrowser());
}

function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? programs.find((program) => existsSync(program));
  if (executablePath === undefined)
    throw new Error(`No Chromium: neither ${programs.join(' nor ')}; wanted one, or its path in CHROMIUM`);
  return chromium.launch({ executablePath, args });
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

/** What axe calls serious or critical on the page as it is, with the elements; by all of its rules unless some are named. */
export async function seriousFaults(
  page: Page,
  { rules }: { readonly rules?: readonly string[] } = {},
): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const options: axe.RunOptions = {
    resultTypes: ['violations'],
    ...(rules === undefined ? {} : { runOnly: { type: 'rule', values: [...rules] } }),
  };
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${page.url()} ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
}
