import { functionFamilies } from '../../shared/settings/functions.ts';
import { declaredIn } from '../../shared/settings/setting.ts';

/** As `az functionapp config appsettings list` prints them. */
export type AppSettings = readonly { readonly name: string; readonly value?: string | null }[];

/** Names of what the functions do not start without and an app does not have; a reference into the vault counts as a value. */
export function missingSettings(present: AppSettings): string[] {
  const given = new Set(present.filter(({ value }) => value !== '').map(({ name }) => name));
  return functionFamilies
    .flatMap(declaredIn)
    .filter(({ name, isRequired }) => isRequired && !given.has(name))
    .map(({ name }) => name)
    .sort();
}
