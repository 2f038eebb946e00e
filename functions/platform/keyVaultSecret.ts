import { identityCredential } from './identityCredential.ts';
import type { Logger } from './logging.ts';

/** A text that may change while this process runs. */
export interface KeptSecret {
  /** Rejects when it was never read and cannot be read now. */
  read(): Promise<string>;
  /** What it said was refused: the next reader asks anew. */
  forget(): void;
}

/** Short beside the hours that a reference of App Service may lag: a rotated key is known to every host in five minutes. */
const KEPT_MS = 5 * 60_000;
/** A vault that does not answer is asked again after so long: until then no request waits for it. */
const AFTER_FAILURE_MS = 30_000;

export interface KeepingOptions {
  readonly fetchSecret: () => Promise<string>;
  readonly now: () => number;
  readonly keptMs?: number;
  /** Hears why it could not be read again, while the one that is kept serves on. */
  readonly tellFailure: (error: unknown) => void;
}

/** Keeps a secret for a few minutes; one that cannot be read again serves on, as a vault that is away must not stop agents. */
export function keepSecret(options: KeepingOptions): KeptSecret {
  const { fetchSecret, now, keptMs = KEPT_MS, tellFailure } = options;
  let kept: { readonly value: string; readonly readAt: number } | undefined;
  let reading: Promise<string> | undefined;
  const readOnce = (): Promise<string> =>
    (reading ??= fetchSecret()
      .then((value) => {
        kept = { value, readAt: now() };
        return value;
      })
      .finally(() => (reading = undefined)));
  return {
    read: async () => {
      const present = kept;
      if (present === undefined) return readOnce();
      if (now() - present.readAt < keptMs) return present.value;
      return readOnce().catch((error: unknown) => {
        tellFailure(error);
        kept = { ...present, readAt: now() - keptMs + AFTER_FAILURE_MS };
        return present.value;
      });
    },
    forget: () => {
      if (kept !== undefined) kept = { ...kept, readAt: -Infinity };
    },
  };
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
      const { value } = await (await (client ??= open())).getSecret(name);
      if (value === undefined) throw new Error(`The secret ${name} of ${vaultUrl} is empty`);
      return value;
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
