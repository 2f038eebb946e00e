import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

export type Secrets = Readonly<Record<string, string>>;

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The secrets of a channel as the database keeps them: AES-256-GCM under a key derived (HKDF-SHA-256) from AUTH_SECRET,
 * bound to the channel, so that a box copied to another row does not open. Whoever changes AUTH_SECRET has to enter the
 * channels' secrets again.
 */
export function sealSecrets(authSecret: string, channelId: string, secrets: Secrets): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(authSecret), nonce);
  cipher.setAAD(Buffer.from(channelId));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** Opens what `sealSecrets` made. Throws SecretBoxUnopened, without any of it, for another key, another channel or a changed text. */
export function openSecrets(authSecret: string, channelId: string, box: string | null): Secrets {
  if (box === null) return {};
  try {
    const [version, text = ''] = box.split('.');
    if (version !== VERSION) throw new Error(`version ${String(version)}, wanted ${VERSION}`);
    const bytes = Buffer.from(text, 'base64url');
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(
      'aes-256-gcm',
      keyOf(authSecret),
      bytes.subarray(0, NONCE_BYTES),
      options,
    );
    decipher.setAAD(Buffer.from(channelId)).setAuthTag(tag);
    const opened = Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
    return z.record(z.string(), z.string()).parse(JSON.parse(opened.toString('utf8')));
  } catch (cause) {
    throw new SecretBoxUnopened(channelId, cause);
  }
}

export class SecretBoxUnopened extends Error {
  override readonly name = 'SecretBoxUnopened';

  constructor(channelId: string, cause: unknown) {
    super(
      `Cannot open the secrets of channel ${channelId}: sealed under another AUTH_SECRET, or changed; enter them again`,
      { cause },
    );
  }
}

function keyOf(authSecret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', authSecret, 'datasync', 'notification channel secrets v1', 32));
}
