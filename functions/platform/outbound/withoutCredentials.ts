import { REDACTED, redactText } from '../logging/redact.ts';

/** What APIs want to be told beside credentials; whatever else a header says is taken for one. */
const HARMLESS = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/** Shorter values are no credentials, and would take harmless text out. */
const MIN_SECRET_LENGTH = 6;

/**
 * Takes the credentials of a request's headers out of a text, whole and in their parts (`Bearer x`, `Basic` with user
 * and password): some APIs repeat the key that they refuse.
 */
export function withoutCredentials(headers: Readonly<Record<string, string>>): (text: string) => string {
  const secrets = Object.entries(headers)
    .filter(([name]) => !HARMLESS.has(name.toLowerCase()))
    .flatMap(([, value]) => [value, ...partsOf(value)])
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .sort((one, other) => other.length - one.length);
  return (text) => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, REDACTED);
    return redactText(clean);
  };
}

function partsOf(value: string): string[] {
  const [scheme, token] = value.split(' ', 2);
  if (token === undefined || scheme === undefined) return [];
  if (scheme.toLowerCase() !== 'basic') return [token];
  return [token, ...Buffer.from(token, 'base64').toString('utf8').split(':')];
}
