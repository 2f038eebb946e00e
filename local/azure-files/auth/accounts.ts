import { createHmac, timingSafeEqual } from 'node:crypto';

/** A storage account: its name and the key requests are signed with, base64. */
export interface Account {
  readonly name: string;
  readonly key: string;
  /** A second key that is valid as well, as Azure's accounts have two for rotation. */
  readonly secondaryKey?: string;
}

/** The accounts of this server; keys may be exchanged while it runs. */
export class Accounts {
  readonly #keys = new Map<string, readonly Buffer[]>();

  constructor(accounts: readonly Account[]) {
    for (const { name, key, secondaryKey } of accounts) this.setKeys(name, key, secondaryKey);
  }

  has(name: string): boolean {
    return this.#keys.has(name);
  }

  /**
   * Exchanges the keys of an account, or adds the account; what was signed with the old keys is refused at once.
   * @throws Error for a name or key that no Azure account could have.
   */
  setKeys(name: string, key: string, secondaryKey?: string): void {
    if (!/^[a-z0-9]{3,24}$/.test(name)) {
      throw new Error(`adding storage account "${name}": wanted 3 to 24 lower-case letters and digits`);
    }
    this.#keys.set(
      name,
      [key, secondaryKey].filter((each) => each !== undefined).map((each) => decodeKey(name, each)),
    );
  }

  /** Whether a base64 signature was made over a text with one of the account's keys. */
  verify(name: string, text: string, signature: string): boolean {
    const given = Buffer.from(signature, 'base64');
    if (given.length !== 32) return false;
    const keys = this.#keys.get(name) ?? [];
    return keys.some((key) =>
      timingSafeEqual(createHmac('sha256', key).update(text, 'utf8').digest(), given),
    );
  }
}

function decodeKey(name: string, key: string): Buffer {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length < 16 || bytes.toString('base64') !== key) {
    throw new Error(`adding storage account "${name}": the key is no base64 of at least 16 bytes`);
  }
  return bytes;
}
