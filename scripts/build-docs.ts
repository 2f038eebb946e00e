import { writeFile } from 'node:fs/promises';
import { generatedDocs } from './documenting/generatedDocs.ts';

/** `npm run build:docs`: writes the pages that are made from declarations. */
for (const { path, text } of await generatedDocs()) {
  await writeFile(path, text);
  console.log(`Wrote ${path}`);
}
