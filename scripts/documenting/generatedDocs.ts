import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { settingsPage } from './settingsPage.ts';

const docs = join(import.meta.dirname, '../../docs');

/** Pages that are made from declarations, with the text that each is to have. */
export async function generatedDocs(): Promise<{ readonly path: string; readonly text: string }[]> {
  const path = join(docs, 'settings.md');
  const style = await resolveConfig(path);
  return [{ path, text: await format(settingsPage(), { ...style, filepath: path }) }];
}
