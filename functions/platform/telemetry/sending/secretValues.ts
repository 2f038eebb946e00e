import { declaredSettings } from '../../../../shared/settings/index.ts';

/** Shorter texts stand in too many innocent places. */
const SHORTEST = 8;

/** What the settings hold that is secret, and the keys and passwords within it: none of it may leave, wherever it stands. */
export function secretValues(environment: Readonly<Record<string, string | undefined>>): string[] {
  const values = declaredSettings()
    .filter(({ name, secret }) => secret === true && name !== 'APPLICATIONINSIGHTS_CONNECTION_STRING')
    .flatMap(({ name }) => environment[name] ?? []);
  const parts = [...values, ...values.flatMap(partsOf)].filter((text) => text.length >= SHORTEST);
  // The longest first, or a part would be taken out of the whole and leave its rest.
  return [...new Set(parts)].toSorted((a, b) => b.length - a.length);
}

function partsOf(value: string): string[] {
  const keys = [...value.matchAll(/(?:AccountKey|SharedAccessSignature|Password|Pwd)=([^;]+)/gi)];
  const password = URL.parse(value)?.password ?? '';
  return [...keys.map(([, key = '']) => key), password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // it was never encoded
  }
}
