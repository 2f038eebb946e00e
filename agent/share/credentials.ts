import type { Credential } from '../../shared/contract/agents.ts';
import { ShareFault } from './shareFault.ts';

/** The credentials that the agent holds, by share; renewed by heartbeat. */
export interface Credentials {
  /** Throws a `ShareFault` (auth) when none is held for the share. */
  forShare(shareName: string): Credential;
  held(shareName: string): Credential | undefined;
  /** The earliest end, or null when none is held or one was refused: then the next heartbeat brings new ones. */
  earliestEnd(): string | null;
  /**
   * Says that the share refused its credential and resolves when the server has sent one. Callers that wait together
   * cause one heartbeat. Rejects with a `ShareFault` (auth) when none comes in time.
   */
  renew(shareName: string, refusedSas: string | undefined, signal: AbortSignal): Promise<void>;
  /** New credentials arrived. */
  replace(credentials: readonly Credential[]): void;
}

/** Holds credentials in memory; `save` keeps them, sealed, for the next start. */
export function holdCredentials(options: {
  readonly initial: readonly Credential[];
  readonly save: (all: Credential[]) => void;
  /** Asks for a heartbeat at once. */
  readonly ask: () => void;
  readonly waitMs: number;
}): Credentials {
  const byShare = new Map(options.initial.map((credential) => [credential.shareName, credential]));
  const refused = new Set<string>();
  const waiting = new Set<() => void>();

  const arrive = () => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  return {
    forShare: (shareName) => {
      const credential = byShare.get(shareName);
      if (credential !== undefined) return credential;
      throw new ShareFault(
        'auth',
        '',
        `opening the share ${shareName}: the agent holds no credential for it`,
      );
    },
    held: (shareName) => byShare.get(shareName),
    earliestEnd: () => {
      if (refused.size > 0 || byShare.size === 0) return null;
      return [...byShare.values()].map(({ expiresAt }) => expiresAt).sort()[0] ?? null;
    },
    renew: async (shareName, refusedSas, signal) => {
      // Somebody else's failure has brought a new one already.
      const held = byShare.get(shareName)?.sas;
      if (held !== undefined && held !== refusedSas) return;
      refused.add(shareName);
      options.ask();
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.waitMs)]);
      // Whatever comes is tried, even the same: it may have been refused for another reason than its age.
      await nextArrival(waiting, deadline).catch(() => {
        signal.throwIfAborted();
        throw new ShareFault(
          'auth',
          '',
          `opening the share ${shareName}: refused, and no new credential came`,
        );
      });
    },
    replace: (credentials) => {
      for (const credential of credentials) {
        byShare.set(credential.shareName, credential);
        refused.delete(credential.shareName);
      }
      options.save([...byShare.values()]);
      arrive();
    },
  };
}

function nextArrival(waiting: Set<() => void>, deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      waiting.delete(wake);
      reject(new Error('no credential arrived in time'));
    };
    const wake = () => {
      deadline.removeEventListener('abort', stop);
      resolve();
    };
    if (deadline.aborted) {
      stop();
      return;
    }
    deadline.addEventListener('abort', stop, { once: true });
    waiting.add(wake);
  });
}
