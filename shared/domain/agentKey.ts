import { createHash } from 'node:crypto';

/**
 * What the server keeps of an agent's key: SHA-256 (hex) over the key's text, exactly as it stands behind
 * `Authorization: Bearer`. The key itself is made by the agent and never stored elsewhere.
 */
export function agentKeyHash(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}
