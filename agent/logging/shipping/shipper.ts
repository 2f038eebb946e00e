import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, ProblemError } from '../../../shared/client/index.ts';
import { type ShippedLine, shipLogs } from '../../../shared/contract/logs.ts';
import type { AgentLog } from '../log.ts';
import { gather, type ShipLimits } from './gather.ts';
import { readSent, type Sent, storeSent } from './positions.ts';

export interface ShipperOptions {
  /** Where the agent's log files are. */
  readonly folder: string;
  readonly client: Client;
  readonly log: AgentLog;
  readonly random: () => number;
  readonly limits?: Partial<ShipLimits>;
}

/** Sends the agent's log to the server, in the background. */
export interface Shipper {
  /** Ships until the signal. Never rejects: a server that does not answer is asked again later. */
  run(signal: AbortSignal): Promise<void>;
  /** One shipment more, when the agent stops; failures are passed over. */
  last(signal: AbortSignal): Promise<void>;
}

const LIMITS: ShipLimits = {
  lines: 300,
  bytes: 300 * 1024,
  readBytes: 8 * 1024 * 1024,
  behindBytes: 2 * 1024 * 1024,
};
const FIRST_MS = 2000;
const SHORTEST_MS = 250;
const BACKOFF_MS = 10_000;
const LONGEST_MS = 5 * 60_000;
/** A refusal of a shipment is narrowed down to the line that causes it, with so many requests at most. */
const MAX_REQUESTS = 40;

/**
 * At least once, by a position that outlives the process: a line counts as sent when the server has it. Warnings and
 * errors go first; of the rest what falls too far behind is passed over, and the server is told how many lines.
 */
export function createShipper(options: ShipperOptions): Shipper {
  const { folder, client, log, random } = options;
  const limits = { ...LIMITS, ...options.limits };
  let sent: Sent | undefined;

  const remember = (next: Sent) => {
    sent = next;
    try {
      storeSent(folder, next);
    } catch (error) {
      // A full disk: after a restart these lines are sent again, and are the same lines to the server.
      log.debug({ error: String(error) }, 'What was sent of the log cannot be kept');
    }
  };
  /** Returns how long the server wants to be left alone. */
  const ship = async (signal: AbortSignal): Promise<number> => {
    sent ??= readSent(folder);
    const shipment = await gather(folder, sent, limits);
    if (shipment.lines.length === 0 && shipment.dropped === 0) {
      sent = shipment.after(0);
      return 0;
    }
    const sending = sender(client, shipment.dropped, signal);
    await sending.send(shipment.lines);
    const { accepted, refused, waitSeconds } = sending.outcome;
    remember({ ...shipment.after(accepted), dropped: refused });
    return waitSeconds * 1000;
  };
  return {
    run: async (signal) => {
      let waitMs = FIRST_MS * (0.5 + random());
      let failures = 0;
      for (;;) {
        await sleep(Math.max(SHORTEST_MS, waitMs), undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        try {
          waitMs = Math.max(await ship(signal), FIRST_MS);
          failures = 0;
        } catch (error) {
          failures += 1;
          const backoffMs = Math.min(LONGEST_MS, BACKOFF_MS * 2 ** (failures - 1)) * (0.5 + random() / 2);
          waitMs = Math.max(backoffMs, askedMs(error));
          // Not louder: a line about lines that cannot be sent would be one more of them.
          log.debug({ error: String(error) }, 'Log lines cannot be sent now');
        }
      }
    },
    last: async (signal) => {
      await ship(signal).catch(() => undefined);
    },
  };
}

function askedMs(error: unknown): number {
  return error instanceof ProblemError ? (error.retryAfterMs ?? 0) : 0;
}

/** Sends lines in order. One that the server refuses for what it says is left out, so that it holds up no others. */
function sender(client: Client, dropped: number, signal: AbortSignal) {
  const outcome = { accepted: 0, refused: 0, waitSeconds: 0 };
  let requests = 0;
  let isCut = false;
  let unreported = dropped;
  const send = async (lines: readonly ShippedLine[]): Promise<void> => {
    if (isCut) return;
    requests += 1;
    try {
      const body = { lines: [...lines], dropped: unreported };
      const answer = await client.call(shipLogs, { signal, body });
      unreported = 0;
      outcome.accepted += answer.accepted;
      outcome.waitSeconds = answer.waitSeconds;
      // The budget is spent: what comes after must not be taken before what was left.
      isCut = answer.accepted < lines.length;
    } catch (error) {
      if (!isUnacceptable(error)) throw error;
      if (lines.length <= 1 || requests >= MAX_REQUESTS) {
        outcome.accepted += lines.length;
        outcome.refused += lines.length;
        return;
      }
      const half = Math.ceil(lines.length / 2);
      await send(lines.slice(0, half));
      await send(lines.slice(half));
    }
  };
  return { outcome, send };
}

/** The server will never take this request, whenever it comes. */
function isUnacceptable(error: unknown): boolean {
  return error instanceof ProblemError && [400, 413].includes(error.problem.status);
}
