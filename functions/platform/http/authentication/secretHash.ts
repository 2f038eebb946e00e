import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** SHA-256 as 64 hex digits: how the server keeps an agent's key, which the agent made itself. */
export function hashAgentKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * How session and personal tokens are kept: HMAC-SHA-256 under AUTH_SECRET, as 64 hex digits. Changing that secret
 * ends every session and token at once, and a copy of the database alone cannot be used to test guesses.
 */
export function hashToken(authSecret: string, token: string): string {
  return createHmac('sha256', authSecret).update(token).digest('hex');
}

/** Compares in a time that tells nothing of the secret, whatever the lengths: hence by digest. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
