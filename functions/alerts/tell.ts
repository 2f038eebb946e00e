import type { Db } from '../platform/database/index.ts';
import type { AlertRow } from './alertRow.ts';
import { type NewNotification, notificationsOf } from './outbox.ts';
import { readSituation, type Situation } from './situation.ts';
import { type Candidate, decideTellings, isRaising, rowAfter, type Telling } from './telling.ts';

/** An alert and what happened to it just now. */
export interface Changed {
  readonly alert: AlertRow;
  readonly transition: string;
}

/** Alerts as they are to be stored, and the notifications of those that people hear of. */
export interface Told<A> {
  readonly rows: readonly A[];
  readonly notifications: readonly NewNotification[];
  /** Too many to be told one by one: they get the storm's alert as their cause. */
  readonly surplus: readonly AlertRow[];
}

/** Decides for each alert that came up who is told of it, and puts into its row what is owed. */
export async function tellOf<A extends Changed>(
  tx: Db,
  organizationId: string,
  changed: readonly A[],
  explained: ReadonlySet<string>,
  at: Date,
): Promise<Told<A>> {
  const candidates = changed.flatMap(candidateOf);
  if (candidates.length === 0) return { rows: changed, notifications: [], surplus: [] };
  const situation = await readSituation(tx, organizationId, at);
  const tellings = decideTellings(candidates, situation, at, ({ id }) => explained.has(id));
  const notifications: NewNotification[] = [];
  const rows = changed.map((one) => {
    const telling = tellings.get(one.alert.id);
    const [candidate] = candidateOf(one);
    if (telling === undefined || candidate === undefined) return one;
    const alert = rowAfter(candidate, telling);
    notifications.push(...rowsOf({ ...candidate, alert }, telling, situation, at));
    return { ...one, alert };
  });
  const surplus = rows.map(({ alert }) => alert).filter(({ id }) => tellings.get(id)?.kind === 'storm');
  return { rows, notifications, surplus };
}

function candidateOf({ alert, transition }: Changed): Candidate[] {
  return isRaising(transition) ? [{ alert, transition }] : [];
}

function rowsOf(
  candidate: Candidate,
  telling: Telling,
  situation: Situation,
  at: Date,
): readonly NewNotification[] {
  if (telling.kind === 'told') return notificationsOf(candidate, telling.routes, 'pending', situation, at);
  if (telling.kind === 'later')
    return notificationsOf(candidate, telling.suppressed, 'suppressed', situation, at);
  return [];
}
