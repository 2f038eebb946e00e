import { kindOfNumber } from './error-numbers.ts';

/** How often the driver tries to log in again on the numbers that say so, while nothing else has been done yet. */
export const whileLoggingIn = { maxRetriesOnTransientErrors: 3, connectionRetryInterval: 500 } as const;

/** What the driver's connection has that we hook on to (tedious 19). */
export interface DriverConnection {
  on(event: 'errorMessage', heard: (message: { readonly number: number }) => void): unknown;
  prependOnceListener(event: 'connect', heard: (error?: Error & { number?: number }) => void): unknown;
  /** Kept apart by the driver so that another can stand in its place. */
  transientErrorLookup: { isTransientError: (number: number) => boolean };
}

/**
 * Has a connection that is being made decide by our numbers, instead of the driver's own six, whether to try again; and puts on
 * the error of a refused login what the driver leaves out: the server's number, without which a failover could not be told from
 * a wrong password, and what hindered a token from being had.
 */
export function watchLogin(connection: DriverConnection): void {
  let last: number | undefined;
  connection.transientErrorLookup = { isTransientError: (number) => kindOfNumber(number) === 'connection' };
  connection.on('errorMessage', ({ number }) => (last = number));
  // Before the pool's own listener, which copies the text that it finds.
  connection.prependOnceListener('connect', (error) => {
    if (error === undefined) return;
    if (last !== undefined) error.number ??= last;
    if (error instanceof AggregateError && error.message === '')
      error.message = error.errors.map((part: Error) => part.message).join(' ');
  });
}
