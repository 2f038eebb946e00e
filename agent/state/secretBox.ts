import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from './durableFile.ts';
import { type KeyProtection, keyProtection } from './keyProtection.ts';

/** Keeps secrets of the state folder unreadable to others. */
export interface SecretBox {
  seal(text: string): Buffer;
  /** Throws when the bytes were not sealed by this box or were changed. */
  open(sealed: Buffer): string;
}

const MAGIC = Buffer.from('DSA1');
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * AES-256-GCM under a key file that only its user can read (mode 0600), and on Windows only this machine (DPAPI); the
 * file is made when absent. Throws when the system cannot say what the key is.
 */
export function openSecretBox(stateFolder: string, protection = keyProtection): SecretBox {
  const file = join(stateFolder, 'state.key');
  return boxOf(readKey(file, protection) ?? makeKey(file, protection));
}

/** The same without making anything; undefined when there is no key that could open something. */
export function openExistingSecretBox(
  stateFolder: string,
  protection = keyProtection,
): SecretBox | undefined {
  const key = readKey(join(stateFolder, 'state.key'), protection);
  return key === undefined ? undefined : boxOf(key);
}

function boxOf(key: Buffer): SecretBox {
  return {
    seal: (text) => seal(key, text),
    open: (sealed) => open(key, sealed),
  };
}

/** A key of another length, or of another machine, opens nothing here: the state starts anew under a new key. */
function readKey(file: string, protection: KeyProtection): Buffer | undefined {
  const stored = readStored(file);
  if (stored === undefined) return undefined;
  const key = protection.unprotect(stored);
  return key?.length === KEY_BYTES ? key : undefined;
}

function readStored(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

function makeKey(file: string, protection: KeyProtection): Buffer {
  const made = randomBytes(KEY_BYTES);
  writeFileDurably(file, protection.protect(made), 0o600);
  return made;
}

function seal(key: Buffer, text: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([MAGIC, iv, cipher.getAuthTag(), body]);
}

function open(key: Buffer, sealed: Buffer): string {
  if (!sealed.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Error(
      'opening a sealed file: it does not begin with DSA1; wanted: a file that this agent wrote',
    );
  const iv = sealed.subarray(MAGIC.length, MAGIC.length + IV_BYTES);
  const tag = sealed.subarray(MAGIC.length + IV_BYTES, MAGIC.length + IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  decipher.setAuthTag(tag);
  const body = sealed.subarray(MAGIC.length + IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
