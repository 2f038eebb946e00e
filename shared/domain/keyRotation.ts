/**
 * Hosts keep the vault's answer for five minutes (functions/platform/keyVaultSecret.ts): so long after a key was exchanged in it, what
 * is signed may still be signed with the old one.
 */
export const KEY_LAG_MS = 6 * 60_000;

/** Whether a SAS that ends then may rest on the key before the one that the vault holds since `exchangedAt`. */
export function mayRestOnOldKey(endsAtMs: number, sasHours: number, exchangedAtMs: number): boolean {
  return endsAtMs - sasHours * 3_600_000 < exchangedAtMs + KEY_LAG_MS;
}
