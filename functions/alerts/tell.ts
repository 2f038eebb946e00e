import type { Db } from '../platform/database/index.ts';
import type { AlertRow } from './alertRow.ts';
import type { Finding } from './finding.ts';
import { type NewNotification, notificationsOf } from './outbox.ts';
import { readSituation, type Situation } from './situation.ts';
import type { Surplus } from './storm.ts';
import { type Candidate, decideTellings, isRaising, rowAfter, type Telling } from './telling.ts';

/** An alert and what happened to it just now. */
export interface Changed {
  readonly alert: AlertRow;
  readonly transition: string;
  /** Of what was met just now. */
  readonly finding?: Finding;
}

/** Alerts as they are to be stored, and the notifications of those that people hear of. */
export interface Told<A> {
  readonly rows: readonly A[];
  readonly notifications: readonly NewNotification[];
  /** Too many to be told one by one: they get the storm's alert as their cause. */
  readonly surplus: readonly Surplus[];
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
  const surplus = rows.flatMap(({ alert }) => {
    const telling = tellings.get(alert.id);
    return telling?.kind === 'storm' ? [{ alert, routes: telling.routes }] : [];
  });
  return { rows, notifications, surplus };
}

/** A storm that goes on is told to those who did not hear of it yet: its new alerts may be others' affair. */
function candidateOf({ alert, transition, finding }: Changed): Candidate[] {
  const hearers = finding?.hearers;
  if (isRaising(transition)) return [{ alert, transition, hearers }];
  return hearers === undefined ? [] : [{ alert, transition: 'opened', hearers }];
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
