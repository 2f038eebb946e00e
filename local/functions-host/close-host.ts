import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { FunctionApp } from './function-app.ts';
import type { HttpFront } from './http/http-front.ts';
import type { InFlight } from './in-flight.ts';
import type { Listeners } from './listeners.ts';

export interface Closing {
  readonly app: FunctionApp;
  readonly front: HttpFront;
  readonly listeners: Listeners;
  readonly inFlight: InFlight;
  readonly graceMs: number;
  readonly log: Log;
}

/**
 * Takes nothing new, waits for what runs, and cuts what still runs after the grace period: its clients see a broken
 * connection, its queue messages and timer ticks come again.
 */
export async function closeHost({ app, front, listeners, inFlight, graceMs, log }: Closing): Promise<void> {
  front.stopListening();
  const ended = Promise.all([listeners.stop(), inFlight.drained(graceMs)]).then(([, isEmpty]) => isEmpty);
  const patience = new AbortController();
  const isEmpty = await Promise.race([ended, givenUp(graceMs, patience.signal)]);
  patience.abort();
  if (!isEmpty) {
    log('warning', 'The grace period ended before everything that ran.', { graceMs, running: inFlight.size });
  }
  await front.cut();
  inFlight.stop();
  await app.hooks.run('appTerminate', { hookData: app.appHookData, appHookData: app.appHookData });
}

async function givenUp(graceMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(graceMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return false;
}
