import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from 'vite';
import { precompress } from './precompress.ts';

describe('precompress', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'datasync-precompress-'));
    await writeFile(join(root, 'index.html'), '<script type="module" src="/main.js"></script>');
    await writeFile(join(root, 'main.js'), `document.title = '${'measurement '.repeat(500)}';`);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const buildWith = (scriptBudgetBytes: number) =>
    build({ root, configFile: false, logLevel: 'silent', plugins: [precompress({ scriptBudgetBytes })] });

  it('P8 leaves twins that unpack to the file itself', async () => {
    await buildWith(10_000);
    const page = join(root, 'dist', 'index.html');
    const original = await readFile(page);
    expect(brotliDecompressSync(await readFile(`${page}.br`))).toEqual(original);
    expect(gunzipSync(await readFile(`${page}.gz`))).toEqual(original);
    expect((await readFile(`${page}.br`)).length).toBeLessThan(original.length);
  });

  it('P8 a build over the budget fails and says both numbers', async () => {
    await expect(buildWith(20)).rejects.toThrow(/scripts are \d+ bytes as brotli; wanted: 20 at most/);
  });
});
