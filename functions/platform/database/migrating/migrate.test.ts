import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { migrationsFolder } from './migrate.ts';

it('A7 a bundle finds the migrations that lie beside it, the source those of the source', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'app.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'migrate.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
  cpSync(migrationsFolder(), join(folder, 'migrations'), { recursive: true });
  const bundled = (await import(pathToFileURL(outfile).href)) as { migrationsFolder: () => string };
  expect(bundled.migrationsFolder()).toBe(join(folder, 'migrations'));
  expect(migrationsFolder()).toBe(join(import.meta.dirname, '../migrations'));
});
