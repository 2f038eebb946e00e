import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(?:js|css|html|svg)$/;

/**
 * Leaves a `.br` and a `.gz` beside each text file of the build, so that the server sends what was compressed
 * once at the highest level. Fails the build when the scripts together, as brotli, exceed `scriptBudgetBytes` (P8).
 */
export function precompress(options: { readonly scriptBudgetBytes: number }): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle(output) {
      if (output.dir === undefined) throw new Error('precompress: no output folder; wanted: build.outDir');
      const scriptBytes = await compressFolder(output.dir);
      this.info(`scripts: ${(scriptBytes / 1024).toFixed(1)} KB as brotli`);
      if (scriptBytes > options.scriptBudgetBytes)
        this.error(
          `precompress: scripts are ${scriptBytes} bytes as brotli; wanted: ${options.scriptBudgetBytes} at most`,
        );
    },
  };
}

async function compressFolder(folder: string): Promise<number> {
  let scriptBytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !compressible.test(entry.name)) continue;
    const brotliBytes = await compressFile(join(entry.parentPath, entry.name));
    if (entry.name.endsWith('.js')) scriptBytes += brotliBytes;
  }
  return scriptBytes;
}

async function compressFile(path: string): Promise<number> {
  const content = await readFile(path);
  const brotli = await promisify(brotliCompress)(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  await writeFile(`${path}.br`, brotli);
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
  return brotli.length;
}
