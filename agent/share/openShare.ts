import type { AgentLog } from '../logging/log.ts';
import type { Credentials } from './credentials.ts';
import { type Attempts, type ShareRetries, withRetry } from './retry.ts';
import type { ShareFiles } from './shareFiles.ts';
import type { ShareHealth } from './shareHealth.ts';

/** One share with credentials and repeating taken care of. */
export interface Share {
  readonly files: ShareFiles;
  /** Does work on the share, repeated as `withRetry` says. */
  attempt<T>(signal: AbortSignal, work: (files: ShareFiles) => Promise<T>, attempts?: Attempts): Promise<T>;
}

export interface ShareOptions {
  readonly shareName: string;
  readonly credentials: Credentials;
  readonly health: ShareHealth;
  readonly retries: ShareRetries;
  readonly tryTimeoutMs: number;
  readonly random: () => number;
  readonly log: AgentLog;
}

/** Opens a share. The SDK is loaded here, when first needed: a cycle with nothing to upload never pays for it. */
export async function openShare(options: ShareOptions): Promise<Share> {
  const { azureShareFiles } = await import('./azureShareFiles.ts');
  const files = azureShareFiles({
    tryTimeoutMs: options.tryTimeoutMs,
    address: () => {
      const { shareUrl, sas } = options.credentials.forShare(options.shareName);
      return { shareUrl, sas };
    },
  });
  const dependencies = {
    retries: options.retries,
    health: options.health,
    random: options.random,
    credential: () => options.credentials.held(options.shareName)?.sas,
    renewCredential: (refused: string | undefined, signal: AbortSignal) => {
      options.log.warn(
        { share: options.shareName },
        'The share refused the credential: asking for a new one',
      );
      return options.credentials.renew(options.shareName, refused, signal);
    },
  };
  return {
    files,
    attempt: (signal, work, attempts) => withRetry(dependencies, signal, () => work(files), attempts),
  };
}
