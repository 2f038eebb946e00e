import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

/** Keys of the app; the admin key opens what needs a function key too. */
export interface AccessKeys {
  readonly function?: string;
  readonly admin?: string;
}

/** Whether the request carries a key for the level, in `x-functions-key` or as `?code=`. */
export function hasAccess(request: IncomingMessage, level: AuthLevel, keys: AccessKeys): boolean {
  if (level === 'anonymous') return true;
  const given = givenKey(request);
  if (given === undefined) return false;
  const accepted = level === 'function' ? [keys.function, keys.admin] : [keys.admin];
  return accepted.some((key) => key !== undefined && isSame(given, key));
}

function givenKey(request: IncomingMessage): string | undefined {
  const header = request.headers['x-functions-key'];
  if (typeof header === 'string') return header;
  const target = request.url ?? '';
  return new URLSearchParams(target.slice(target.indexOf('?') + 1)).get('code') ?? undefined;
}

/** In constant time whatever the lengths, hence by digest. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
