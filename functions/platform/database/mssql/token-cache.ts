export interface AccessToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  /** When whoever gave it out would like to be asked again. */
  readonly refreshAfterTimestamp?: number;
}

/** Gives a token that is good for some minutes yet; rejects when there is none and none is given out. */
export type TokenCache = () => Promise<AccessToken>;

/** A login that begins with a token takes its time until it is looked at; clocks differ. */
const SPARE_MS = 2 * 60_000;
/** A token is exchanged this long before its end, while a failure to do so harms nobody. */
const REFRESH_AHEAD_MS = 10 * 60_000;
/** After a failure the endpoint of a managed identity is left alone: it limits how often it may be asked. */
const AFTER_FAILURE_MS = 30_000;

/**
 * Keeps the token that connections log in by: forty connections that are made at once ask for one. Azure looks at a token when
 * a connection is made, not after: what runs goes on past its end, and only new connections need a new token.
 */
export function createTokenCache(fetchToken: () => Promise<AccessToken>, now: () => number): TokenCache {
  let kept: AccessToken | undefined;
  let fetching: Promise<AccessToken> | undefined;
  let notBefore = 0;

  const fetchOnce = (): Promise<AccessToken> =>
    (fetching ??= fetchToken()
      .then((token) => (kept = token))
      .catch((error: unknown) => {
        notBefore = now() + AFTER_FAILURE_MS;
        throw error;
      })
      .finally(() => (fetching = undefined)));

  return async () => {
    const present = kept;
    if (present === undefined || present.expiresOnTimestamp - SPARE_MS <= now()) return fetchOnce();
    if (refreshAt(present) <= now() && notBefore <= now()) fetchOnce().catch(() => undefined); // the present one does
    return present;
  };
}

function refreshAt({ expiresOnTimestamp, refreshAfterTimestamp = Infinity }: AccessToken): number {
  return Math.min(refreshAfterTimestamp, expiresOnTimestamp - REFRESH_AHEAD_MS);
}
