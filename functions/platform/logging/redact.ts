import { isSecretSetting } from '../../../shared/settings/index.ts';

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

const secretNames =
  /^(?:.*(?:password|passwd|secret|token|authorization|cookie|api[-_]?key|account[-_]?key|connection[-_]?string|database[-_]?url|sas)|key|sig)$/i;

/** Names that end like a secret's and hold none. */
const harmlessNames = /^(?:continuation_?token|lease_?token)$/i;

const secretTexts: readonly [RegExp, string][] = [
  // Also where the address stands encoded within another.
  [/((?:\b|(?<=%(?:26|3F)))sig(?:=|%3D))[^&\s"'\\]+/gi, `$1${REDACTED}`],
  [/(\bBearer\s+)[A-Za-z0-9._~+/=-]+/gi, `$1${REDACTED}`],
  [/\b(ds[at]_)[A-Za-z0-9_-]+/g, `$1${REDACTED}`],
  [/(\b(?:AccountKey|SharedAccessSignature|Password|Pwd)=)[^;\s"'\\]+/gi, `$1${REDACTED}`],
  [/(\bSharedKey(?:Lite)?\s+[^:\s]+:)[A-Za-z0-9+/=]+/g, `$1${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^:/?#\s]*:)[^@/?#\s]+(?=@)/gi, `$1${REDACTED}`],
];

/** True for the name of a field whose value is a secret: a setting by its declaration, others by how they sound (`x-api-key`). */
export function isSecretName(name: string): boolean {
  return isSecretSetting(name) ?? (secretNames.test(name) && !harmlessNames.test(name));
}

/** Takes signatures, bearer tokens, keys of connection strings and passwords of addresses out of a text. */
export function redactText(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of secretTexts) clean = clean.replace(pattern, replacement);
  return clean;
}
