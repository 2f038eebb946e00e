import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, ProblemError } from '../../shared/client/index.ts';
import { beginRun, compareRun, completeRun } from '../../shared/contract/agents.ts';
import { backoffMs, type RetryRule } from '../schedule/backoff.ts';
import { isServerAway } from './serverFault.ts';

/**
 * Which call to the server is done again, how often, with what pauses. Each may be repeated without harm. What is not
 * named here is repeated by its own loop: enrolment by `ENROLMENT_PAUSE`, heartbeats by `heartbeatPauses`.
 */
export interface ServerRetries {
  readonly calls: ReadonlyMap<string, RetryRule>;
  /** After so long the agent goes on without the server: instruments do not wait for it. */
  readonly patienceMs: number;
}

/** The policy; a restart of the server or a failover of its database is waited out, an outage is not. */
export function serverRetries({ retryBaseMs }: { retryBaseMs: number }): ServerRetries {
  const rule = { tries: 4, baseMs: retryBaseMs, longestMs: 8000 };
  return {
    calls: new Map([beginRun, compareRun, completeRun].map(({ name }) => [name, rule])),
    patienceMs: 10_000,
  };
}

/** Pauses of an agent that waits for the server to answer its enrolment. */
export const ENROLMENT_PAUSE: RetryRule = { tries: Infinity, baseMs: 2000, longestMs: 60_000 };

/** A heartbeat asked for early still leaves the server this long between two. */
const EARLIEST_MS = 250;

/**
 * The pauses before the next heartbeat: the usual one, and the one before a heartbeat that was asked for early. After a
 * failure agents come back apart, and not before the server wants them.
 */
export function heartbeatPauses(
  seconds: number,
  failed?: { readonly retryAfterMs: number | undefined; readonly random: () => number },
): { readonly usualMs: number; readonly earlyMs: number } {
  const usualMs = seconds * 1000;
  if (failed === undefined) return { usualMs, earlyMs: EARLIEST_MS };
  const apart = (longestMs: number) =>
    backoffMs({ tries: Infinity, baseMs: longestMs, longestMs }, 1, failed.random, failed.retryAfterMs);
  return { usualMs: apart(usualMs), earlyMs: apart(2 * EARLIEST_MS) };
}

export interface RetryingOptions {
  readonly retries: ServerRetries;
  readonly random: () => number;
  readonly monotonicMs: () => number;
  /** The agent is stopping. */
  readonly signal: AbortSignal;
}

/**
 * The same client, that meets what a later try may not meet (`isServerAway`) as the policy says, and honours
 * `Retry-After`; one that asks for more than there is patience for is believed at once. Rejects with the last failure, or
 * with the signal's reason.
 */
export function retryingClient(client: Client, options: RetryingOptions): Client {
  const { retries, random, monotonicMs, signal } = options;
  return {
    call: async (endpoint, input) => {
      const rule = retries.calls.get(endpoint.name);
      const begunAtMs = monotonicMs();
      for (let failures = 1; ; failures += 1) {
        try {
          return await client.call(endpoint, input);
        } catch (error) {
          if (rule === undefined || failures >= rule.tries || !isServerAway(error)) throw error;
          const pauseMs = backoffMs(rule, failures, random, retryAfterMs(error));
          if (monotonicMs() - begunAtMs + pauseMs > retries.patienceMs) throw error;
          await sleep(pauseMs, undefined, { signal });
        }
      }
    },
  };
}

export function retryAfterMs(error: unknown): number | undefined {
  return error instanceof ProblemError ? error.retryAfterMs : undefined;
}
