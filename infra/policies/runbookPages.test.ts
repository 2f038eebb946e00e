import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSavedQueries } from '../queries/savedQueries.ts';
import { azurePages, runbookPages } from './runbookPages.ts';

const root = join(import.meta.dirname, '../..');

/** Pages that findings and alerts of the platform name. */
const named = new Set(
  globSync('functions/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\brunbook: [^\n]+/g)])
    .flatMap(([line]) => [...line.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)])
    .flatMap(([, page]) => page ?? []),
);

const pagesOf = (...tellers: readonly string[]): string[] =>
  Object.entries(runbookPages)
    .filter(([, teller]) => tellers.includes(teller))
    .map(([page]) => page);

it('D4 D9 every page that the platform leads to is among the pages of the runbook, and the other way round', () => {
  expect(pagesOf('platform', 'both').sort()).toEqual([...named].sort());
});

it('D4 D9 Azure tells what the platform could not, and leaves to it what it knows better', () => {
  expect(azurePages).toEqual(expect.arrayContaining(['server-down', 'timers', 'database-full']));
  expect(azurePages).not.toContain('runner-offline');
});

it('D4 D9 every alert of the saved queries leads to a page that is known', () => {
  const pages = readSavedQueries().flatMap(({ alert, runbook }) =>
    alert === undefined ? [] : [runbook ?? ''],
  );
  expect(pages.filter((page) => !(page in runbookPages))).toEqual([]);
});

it('D4 D9 the runbook, where it is written, has a page for each alert', () => {
  const file = join(root, 'docs/runbook.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const headings = [...(text ?? '').matchAll(/^#{2,4} (.+)$/gm)].map(([, title = '']) => anchorOf(title));
  const anchors = [...(text ?? '').matchAll(/ id="([a-z-]+)"/g)].map(([, id]) => id);
  const missing = Object.keys(runbookPages).filter(
    (page) => !headings.includes(page) && !anchors.includes(page),
  );
  expect(text === undefined ? [] : missing).toEqual([]);
});

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  const plain = title.toLowerCase().replaceAll(/[^a-z0-9 -]/g, '');
  return plain.trim().replaceAll(' ', '-');
}
