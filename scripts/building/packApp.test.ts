import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packApp } from './packApp.ts';

const repository = join(import.meta.dirname, '../..');

/** An app that needs all that bundling may break: a CommonJS package, the core module, its own address, class names. */
const app = `
import { readFileSync } from 'node:fs';
import { app } from '@azure/functions';
import pg from 'pg';
declare const DATASYNC_COMMIT: string;
class ShareFullError extends Error {}
const sql: string = readFileSync(new URL('./migrations/postgres/001_base.sql', import.meta.url), 'utf8');
app.http('health', {
  route: 'api/health',
  handler: async () => {
    const { said } = await import('./rarely.ts');
    return { body: sql + typeof pg.Pool + ShareFullError.name + said + DATASYNC_COMMIT };
  },
});
`;

/** What the worker does: it has the core module ready, then loads what main names. */
const worker = `
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const main = JSON.parse(readFileSync('package.json', 'utf8')).main;
await import('./' + main);
const core = createRequire(import.meta.url)('@azure/functions-core');
const { bindings, handler } = core.registered[0];
console.log(bindings.httpTrigger0?.route ?? JSON.stringify(bindings), (await handler()).body);
`;
const core = `
const registered = [];
module.exports = {
  version: '4', hostVersion: '4', registered, setProgrammingModel() {}, log() {}, registerHook() {},
  registerFunction(metadata, handler) { registered.push({ ...metadata, handler }); return { dispose() {} }; },
};`;

describe('packApp()', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'pack-app-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  it('L3 P9 leaves an app that loads with nothing installed but the core module that the worker supplies', async () => {
    write({
      'package.json': '{"name":"datasync","version":"1.2.3"}',
      'host.json': '{"version":"2.0"}',
      'functions/app.ts': app,
      'functions/rarely.ts': "export const said = 'loaded on demand';",
      'functions/platform/database/migrations/postgres/001_base.sql': 'select 1;',
      'dashboard/index.html': '<!doctype html>',
      'dist/app/left-over.mjs': 'old',
    });
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    const to = join(root, 'dist/app');
    await packApp({ root, dashboard: join(root, 'dashboard'), to, commit: '0123456789ab' });
    rmSync(join(root, 'node_modules'));

    write({
      'dist/app/node_modules/@azure/functions-core/index.js': core,
      'dist/app/node_modules/@azure/functions-core/package.json': '{"main":"index.js"}',
      'dist/app/worker.mjs': worker,
    });
    const said = execFileSync(process.execPath, ['worker.mjs'], { cwd: to, encoding: 'utf8' });
    expect(said).toContain('api/health');
    expect(said).toContain('select 1;functionShareFullErrorloaded on demand0123456789ab');
    expect(readFileSync(join(to, 'app.mjs'), 'utf8')).not.toContain('loaded on demand');
    expect(JSON.parse(readFileSync(join(to, 'package.json'), 'utf8'))).toMatchObject({ version: '1.2.3' });
    expect(readFileSync(join(to, 'dashboard/index.html'), 'utf8')).toBe('<!doctype html>');
    expect(existsSync(join(to, 'left-over.mjs'))).toBe(false);
  });
});
