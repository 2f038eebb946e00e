import type { Db } from '../../platform/database/index.ts';
import type { TickFacts } from '../../platform/timers/health.ts';
import type { TimerHandler } from '../../platform/timers/timer.ts';

export interface TimerRecord extends TickFacts {
  readonly examined: number | null;
  readonly changed: number | null;
  /** Of the last 24 h. */
  readonly ticks: number;
  readonly failed: number;
}

const DAY_MS = 24 * 3_600_000;
/** As many of the newest as tell a streak from a blip. */
const NEWEST = 3;

/** What is recorded of a timer's ticks. When it last examined anything is looked for only where it should have. */
export async function readTimerRecord(
  db: Db,
  { name, plausibleIdleHours }: Pick<TimerHandler, 'name' | 'plausibleIdleHours'>,
  now: Date,
): Promise<TimerRecord> {
  const ofTimer = () => db.selectFrom('timer_ticks').where('timer_name', '=', name);
  const [newest, oldest, examined, lastDay] = await Promise.all([
    ofTimer().selectAll().orderBy('due_at', 'desc').limit(NEWEST).execute(),
    ofTimer().select('due_at').orderBy('due_at').limit(1).executeTakeFirst(),
    plausibleIdleHours === undefined
      ? undefined
      : ofTimer()
          .select('due_at')
          .where('examined', '>', 0)
          .orderBy('due_at', 'desc')
          .limit(1)
          .executeTakeFirst(),
    ofTimer()
      .select((eb) => [eb.fn.countAll<number>().as('ticks'), eb.fn.count<number>('error').as('failed')])
      .where('due_at', '>=', new Date(now.getTime() - DAY_MS))
      .executeTakeFirstOrThrow(),
  ]);
  const [last] = newest;
  const ended = newest.filter((tick) => tick.finished_at !== null);
  const firstGood = ended.findIndex((tick) => tick.error === null);
  return {
    lastDueAt: last?.due_at ?? null,
    lastStartedAt: last?.started_at ?? null,
    lastFinishedAt: last?.finished_at ?? null,
    lastError: ended[0]?.error ?? null,
    examined: last?.examined ?? null,
    changed: last?.changed ?? null,
    firstDueAt: oldest?.due_at ?? null,
    lastExaminedAt: examined?.due_at ?? null,
    failuresInRow: firstGood === -1 ? ended.length : firstGood,
    ticks: lastDay.ticks,
    failed: lastDay.failed,
  };
}

/** The first tick that is kept of any timer. */
export async function firstTickAt(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('timer_ticks')
    .select((eb) => eb.fn.min('due_at').as('due_at'))
    .executeTakeFirst();
  return row?.due_at ?? null;
}

export async function hasActiveRunners(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('runners')
    .select('id')
    .where('status', '=', 'active')
    .where('last_heartbeat', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
