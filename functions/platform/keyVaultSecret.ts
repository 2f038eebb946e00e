import { identityCredential } from './identityCredential.ts';
import { type KeptValue, keepValue } from './keptValue.ts';
import type { Logger } from './logging.ts';

export interface Secret {
  readonly text: string;
  /** Since when the vault says so. */
  readonly since: Date | undefined;
}

/** A secret as it is now; it may be exchanged while this process runs. */
export type KeptSecret = KeptValue<Secret>;

/** Short beside the hours that a reference of App Service may lag: a rotated key is known to every host in five minutes. */
const KEPT_MS = 5 * 60_000;

export interface SecretOptions {
  readonly fetchSecret: () => Promise<Secret>;
  readonly now: () => number;
  /** Hears why it could not be read again, while the one that is kept serves on. */
  readonly tellFailure: (error: unknown) => void;
}

/** Keeps a secret for five minutes; one that cannot be read again serves on, as a vault that is away must not stop agents. */
export function keepSecret({ fetchSecret, now, tellFailure }: SecretOptions): KeptSecret {
  return keepValue({
    fetchValue: fetchSecret,
    now,
    freshUntil: (_secret, readAt) => readAt + KEPT_MS,
    tellFailure,
  });
}

/** A secret by its address, `https://<vault>.vault.azure.net/secrets/<name>`, always in its newest version. */
export function keyVaultSecret(
  url: string,
  clientId: string | undefined,
  log: Pick<Logger, 'warn'>,
): KeptSecret {
  const { vaultUrl, name } = placeOf(url);
  const open = async () => {
    const { SecretClient } = await import('@azure/keyvault-secrets');
    return new SecretClient(vaultUrl, identityCredential(clientId));
  };
  let client: ReturnType<typeof open> | undefined;
  return keepSecret({
    fetchSecret: async () => {
      const { value, properties } = await (await (client ??= open())).getSecret(name);
      if (value === undefined) throw new Error(`The secret ${name} of ${vaultUrl} is empty`);
      return { text: value, since: properties.createdOn };
    },
    now: Date.now,
    tellFailure: (error) =>
      log.warn('the key vault does not answer: the secret that is known serves on', { name, error }),
  });
}

function placeOf(url: string): { readonly vaultUrl: string; readonly name: string } {
  const { origin, pathname } = new URL(url);
  const name = /^\/secrets\/([\w-]+)$/.exec(pathname)?.[1];
  if (name === undefined)
    throw new TypeError(`${url} names no secret; wanted: https://<vault>.vault.azure.net/secrets/<name>`);
  return { vaultUrl: origin, name };
}
