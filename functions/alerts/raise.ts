import type { Db } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import {
  type AlertRow,
  giveUpPlace,
  isWorse,
  liveKeyOf,
  openedRow,
  reopenedRow,
  seenAgainRow,
} from './alertRow.ts';
import { attachToCauses } from './attach.ts';
import type { Finding } from './finding.ts';
import { type AlertChange, recordChanges } from './history.ts';
import { enqueue } from './outbox.ts';
import { policy } from './policy.ts';
import { insertAlerts, lockLive, lockResolvedSince, saveAlerts } from './store.ts';
import { stormFindings, stormFingerprint } from './storm.ts';
import { type Changed, type Told, tellOf } from './tell.ts';
import type { Raising } from './telling.ts';

/** Between our look and our insert a rival may open or resolve the alert; then we look again. */
const MAX_ATTEMPTS = 5;

/** What became of an alert when its problem was met. */
export interface Met {
  readonly alert: AlertRow;
  readonly transition: Raising | 'seen';
  readonly reason: string;
}

/**
 * Opens, counts, reopens or worsens the alerts of these problems, one a fingerprint, all of one organization; writes the
 * state changes and the notifications they make. Part of the caller's transaction, whose rows stay locked. Safe
 * against rivals: two that meet the same problem make one alert. Gives what became of each, by fingerprint.
 */
export async function raiseAll(
  tx: Db,
  organizationId: string,
  findings: readonly Finding[],
  context: WriteContext,
): Promise<ReadonlyMap<string, Met>> {
  const met = new Map<string, Met>();
  let waiting = findings;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    if (attempt > MAX_ATTEMPTS) throw new RaiseLost(waiting[0]?.fingerprint ?? '');
    const judged = await judge(tx, organizationId, waiting, context);
    for (const one of await write(tx, organizationId, judged, context)) met.set(one.alert.fingerprint, one);
    waiting = waiting.filter((finding) => !met.has(finding.fingerprint));
  }
  return met;
}

class RaiseLost extends Error {
  override readonly name = 'RaiseLost';

  constructor(fingerprint: string) {
    super(
      `Cannot raise alert ${fingerprint}: it was opened and resolved ${String(MAX_ATTEMPTS)} times meanwhile`,
    );
  }
}

export interface Judged extends Met {
  readonly finding: Finding;
  /** The live alert of an earlier loss, in whose place this one is opened. */
  readonly earlierLoss?: AlertRow;
}

async function judge(
  tx: Db,
  organizationId: string,
  findings: readonly Finding[],
  { at, newId }: WriteContext,
): Promise<Judged[]> {
  const live = byFingerprint(await lockLive(tx, findings.map(liveKeyOf)));
  const absent = findings.filter(({ fingerprint }) => !live.has(fingerprint)).map((one) => one.fingerprint);
  const since = new Date(at.getTime() - policy.reopenWithinMs);
  const recent = byFingerprint(await lockResolvedSince(tx, organizationId, absent, since));
  return findings.map((finding) => {
    const present = live.get(finding.fingerprint);
    const isNews = present === undefined || isAnotherLoss(finding, present, at);
    if (!isNews) return seenAgain(finding, present, at);
    const earlier = recent.get(finding.fingerprint);
    // Each loss is news, even of the same job: a person said that the last one is over.
    if (earlier === undefined || finding.class === 'data_loss') {
      const alert = openedRow(newId(), finding, at);
      const opened = { finding, alert, transition: 'opened', reason: alert.title } as const;
      return present === undefined ? opened : { ...opened, earlierLoss: present };
    }
    const alert = reopenedRow(earlier, finding, at);
    const reason = `met again: ${alert.title}`;
    return { finding, alert, transition: 'reopened', reason };
  });
}

/** What is lost after people have taken up the last loss would not reach them as a count, and the customer has an hour to hear of it too (SPEC F14, S10). */
function isAnotherLoss(finding: Finding, present: AlertRow, at: Date): boolean {
  if (finding.class !== 'data_loss') return false;
  const quietMs = at.getTime() - present.last_seen_at.getTime();
  return present.status === 'acknowledged' || quietMs >= policy.anotherLossAfterMs;
}

function seenAgain(finding: Finding, present: AlertRow, at: Date): Judged {
  const alert = seenAgainRow(present, finding, at);
  return isWorse(alert.severity, present.severity)
    ? {
        finding,
        alert,
        transition: 'worsened',
        reason: `${present.severity} → ${alert.severity}: ${alert.title}`,
      }
    : { finding, alert, transition: 'seen', reason: '' };
}

async function write(
  tx: Db,
  organizationId: string,
  judged: readonly Judged[],
  context: WriteContext,
): Promise<Met[]> {
  const { judged: attached, explained } = await attachToCauses(tx, organizationId, judged, context.at);
  const { rows, notifications } = await tellAll(tx, organizationId, attached, explained, context);
  const earlier = rows.flatMap(({ earlierLoss }) => earlierLoss ?? []);
  await saveAlerts(tx, earlier.map(giveUpPlace));
  const opened = rows.filter(({ transition }) => transition === 'opened');
  const inserted = await insertAlerts(
    tx,
    opened.map(({ alert }) => alert),
  );
  const others = rows.filter(({ transition }) => transition !== 'opened');
  await saveAlerts(
    tx,
    others.map(({ alert }) => alert),
  );
  const written = rows.filter((row) => row.transition !== 'opened' || inserted.has(row.alert.id));
  await recordChanges(
    tx,
    organizationId,
    written.filter(({ transition }) => transition !== 'seen').map(changeOf),
    context,
  );
  const ids = new Set(written.map(({ alert }) => alert.id));
  await enqueue(
    tx,
    notifications.filter(({ alertId }) => alertId !== null && ids.has(alertId)),
    context,
  );
  return written;
}

/** `tellOf`; those that are too many become effects of a storm, of which people are told instead. */
export async function tellAll<A extends Changed>(
  tx: Db,
  organizationId: string,
  changed: readonly A[],
  explained: ReadonlySet<string>,
  context: WriteContext,
): Promise<Omit<Told<A>, 'surplus'>> {
  const { rows, notifications, surplus } = await tellOf(tx, organizationId, changed, explained, context.at);
  if (surplus.length === 0) return { rows, notifications };
  const storms = await raiseAll(tx, organizationId, stormFindings(organizationId, surplus), context);
  const swept = new Set(surplus.map(({ alert }) => alert.id));
  const withStorm = ({ alert, ...one }: A): A =>
    ({ ...one, alert: { ...alert, cause_alert_id: stormOf(alert, storms) } }) as A;
  return { rows: rows.map((one) => (swept.has(one.alert.id) ? withStorm(one) : one)), notifications };
}

function stormOf(alert: AlertRow, storms: ReadonlyMap<string, Met>): string | null {
  return storms.get(stormFingerprint(alert.class))?.alert.id ?? null;
}

function changeOf({ alert, transition, reason }: Met): AlertChange {
  const explanation = alert.cause_alert_id === null ? '' : ` (explained by ${alert.cause_alert_id})`;
  return {
    alert,
    from: transition === 'opened' ? null : transition === 'reopened' ? 'resolved' : alert.status,
    to: alert.status,
    reason: reason + explanation,
  };
}

function byFingerprint(rows: readonly AlertRow[]): Map<string, AlertRow> {
  return new Map(rows.map((row) => [row.fingerprint, row]));
}
