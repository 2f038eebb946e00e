import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import { expect, it } from 'vitest';
import { builtinsDirectly } from './builtinsDirectly.ts';
import { bundle } from './bundle.ts';

const root = join(import.meta.dirname, '../..');

/** What every start of the app loads; everything else waits until something asks for it. */
const atStart = [
  '@azure/functions',
  '@azure/functions-extensions-base',
  '@opentelemetry/api',
  '@opentelemetry/api-logs',
  'cookie',
  'croner',
  'kysely',
  'p-limit',
  'yocto-queue',
  'zod',
];
/** A quarter more than it was when it loaded in 400 ms (`npm run bench -- cold-start`). */
const MOST_BYTES = 1_600_000;

it('P9 a start loads what it needs and no more: no driver, no client of Azure, nothing that sends telemetry', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  try {
    const to = join(folder, 'app.mjs');
    const entry = join(root, 'functions/app.ts');
    const { outputs } = await bundle({ entry, to, plugins: [builtinsDirectly] });
    const loaded = loadedWith(outputs, relative(process.cwd(), to));
    const bytes = loaded.reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
    expect(packagesIn(outputs, loaded)).toEqual(atStart);
    expect(bytes).toBeLessThan(MOST_BYTES);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The module and all that it imports, and not what it asks for later. */
function loadedWith(outputs: Metafile['outputs'], first: string): string[] {
  const loaded = new Set([first]);
  for (const path of loaded)
    for (const { kind, path: next } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && next in outputs) loaded.add(next);
  return [...loaded];
}

function packagesIn(outputs: Metafile['outputs'], paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => Object.entries(outputs[path]?.inputs ?? {}));
  const used = files.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  const names = used.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}
