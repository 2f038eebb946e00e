import { type Database, databaseNow } from './database/index.ts';
import type { Logger } from './logging.ts';

/** A smaller difference is a slow answer as likely as a wrong clock, and harms nothing. */
const TOLERATED_MS = 5000;
const FOLLOWED_EVERY_MS = 60_000;
/** A host starts without a database that does not answer, by its own clock. */
const FIRST_LOOK_MS = 1000;

/**
 * The clock of this process, set by the database's where the two differ: leases run by that one already, and hosts must
 * agree on what is due and who was heard from when (SPEC B15). Asked again once a minute while it is used.
 */
export async function followDatabaseClock(
  database: Database,
  own: () => Date,
  log: Logger,
): Promise<() => Date> {
  let offsetMs = 0;
  let followedAtMs = own().getTime();
  const follow = async (): Promise<void> => {
    followedAtMs = own().getTime();
    const measured = await measureOffset(database, own);
    if (measured === undefined) return;
    const next = Math.abs(measured) > TOLERATED_MS ? measured : 0;
    if (Math.abs(next - offsetMs) > TOLERATED_MS) tell(next, log);
    offsetMs = next;
  };
  // What is wrong with the database is told by whoever needs it.
  const quiet = (): void => undefined;
  await Promise.race([follow().catch(quiet), elapsed(FIRST_LOOK_MS)]);
  return () => {
    const now = own().getTime();
    if (Math.abs(now - followedAtMs) >= FOLLOWED_EVERY_MS) follow().catch(quiet);
    return new Date(now + offsetMs);
  };
}

/** How far the database is ahead, seen from the middle of the question; undefined when the answer took too long to tell. */
async function measureOffset({ db }: Database, own: () => Date): Promise<number | undefined> {
  const askedAt = own().getTime();
  const { now } = await db.selectNoFrom(databaseNow().as('now')).executeTakeFirstOrThrow();
  const answeredAt = own().getTime();
  return answeredAt - askedAt > TOLERATED_MS ? undefined : now.getTime() - (askedAt + answeredAt) / 2;
}

function tell(offsetMs: number, log: Logger): void {
  if (offsetMs === 0) log.info('the clock of this host is right again');
  else {
    const message =
      'the clock of this host is wrong; the database’s is used. Wanted: a host that keeps time (NTP)';
    log.error(message, { offsetSeconds: Math.round(offsetMs / 1000) });
  }
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
