import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './makeFolder.ts';

const root = mkdtempSync(join(tmpdir(), 'datasync-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('F17 makes what is missing, and leaves alone what is there', () => {
  const folder = join(root, 'a/b/c');
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o755);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('F17 refuses a place that takes no folders instead of trying for ever', () => {
  // A file in the way here; below /proc the file system says the same of every name.
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file/state'), 0o700)).toThrow(/making the folder .*file\/state/);
  expect(() => makeFolder(join(root, 'file'), 0o700)).toThrow(/a file has its name/);
  const places = existsSync('/proc/self') ? ['/proc/datasync/state', '/proc/self/datasync/state'] : [];
  for (const place of places)
    expect(() => makeFolder(place, 0o700)).toThrow(/wanted: a place that takes files/);
});
