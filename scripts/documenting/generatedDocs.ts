import { join } from 'node:path';
import { format } from 'oxfmt';
import style from '../../oxfmt.config.ts';
import { infrastructurePage } from './infrastructurePage.ts';
import { monitoringPage } from './monitoringPage.ts';
import { policiesPage } from './policiesPage.ts';
import { settingsPage } from './settingsPage.ts';

const docs = join(import.meta.dirname, '../../docs');

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'settings.md': settingsPage,
  'policies.md': policiesPage,
  'monitoring.md': monitoringPage,
  'infrastructure.md': infrastructurePage,
};

/** Pages that are made from declarations, with the text that each is to have. */
export async function generatedDocs(): Promise<{ readonly path: string; readonly text: string }[]> {
  return Promise.all(
    Object.entries(pages).map(async ([file, page]) => {
      const { code, errors } = await format(file, await page(), style);
      if (errors[0] !== undefined) throw new Error(`Formatting ${file}: ${errors[0].message}`);
      return { path: join(docs, file), text: code };
    }),
  );
}
