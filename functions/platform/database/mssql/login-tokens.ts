import { keepValue } from '../../keptValue.ts';

export interface AccessToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  /** When whoever gave it out would like to be asked again. */
  readonly refreshAfterTimestamp?: number;
}

/** Gives a token that is good for some minutes yet; rejects when there is none and none is given out. */
export type LoginTokens = () => Promise<AccessToken>;

/** A login that begins with a token takes its time until it is looked at; clocks differ. */
const SPARE_MS = 2 * 60_000;
/** A token is exchanged this long before its end, while a failure to do so harms nobody. */
const REFRESH_AHEAD_MS = 10 * 60_000;

/**
 * Keeps the token that connections log in by: forty connections that are made at once ask for one. Azure looks at a token when
 * a connection is made, not after: what runs goes on past its end, and only new connections need a new token.
 */
export function loginTokens(fetchToken: () => Promise<AccessToken>, now: () => number): LoginTokens {
  const kept = keepValue({
    fetchValue: fetchToken,
    now,
    freshUntil: ({ expiresOnTimestamp, refreshAfterTimestamp = Infinity }) =>
      Math.min(refreshAfterTimestamp, expiresOnTimestamp - REFRESH_AHEAD_MS),
    goodUntil: ({ expiresOnTimestamp }) => expiresOnTimestamp - SPARE_MS,
    renewsAside: true,
  });
  return () => kept.read();
}
