import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChildProcess } from '../../local/processes/child.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-bundle-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const source = `
  import { app } from '@azure/functions';
  app.http('hello', { route: 'hello/{name}', handler: async (request) => ({ body: 'hello ' + request.params.name }) });
`;

/** esbuild's ESM output has no \`require\`, and the library calls it for the core module. */
const requireBanner = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

async function bundle(format: 'esm' | 'cjs'): Promise<string> {
  const outfile = join(folder, `app.${format === 'esm' ? 'mjs' : 'cjs'}`);
  await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format,
    external: ['@azure/functions-core'],
    ...(format === 'esm' ? { banner: { js: requireBanner } } : {}),
    logLevel: 'error',
  });
  return outfile;
}

/** In a process of its own, outside the project, so that nothing but the host can supply the core module. */
async function answerOfBundle(entry: string): Promise<string> {
  const host = new URL('../../local/functions-host/index.ts', import.meta.url).href;
  const program = join(folder, 'program.ts');
  await writeFile(
    program,
    `import { startFunctionsHost } from ${JSON.stringify(host)};
     const host = await startFunctionsHost({ port: 0, log: console.error,
       loadApp: () => import(${JSON.stringify(pathToFileURL(entry).href)}) });
     console.log(await (await fetch(host.url + '/api/hello/you')).text());
     await host.close();`,
  );
  const lines: string[] = [];
  const child = await startChildProcess({
    name: 'bundled app',
    entry: program,
    log: () => undefined,
    onLine: (line) => lines.push(line),
  });
  await child.exited;
  return lines.join('\n');
}

describe('L3 a bundled app, with the core module external', () => {
  it.each(['esm', 'cjs'] as const)('runs as %s', async (format) => {
    expect(await answerOfBundle(await bundle(format))).toBe('hello you');
  });
});
