import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { generatedDocs } from './generatedDocs.ts';

it('D1 D3 D4 pages that are made from declarations say what these say', async () => {
  for (const { path, text } of await generatedDocs()) {
    const stands = await readFile(path, 'utf8').catch(() => '');
    expect(stands, `docs/${basename(path)} is out of date; make it anew by: npm run build:docs`).toBe(text);
  }
});
