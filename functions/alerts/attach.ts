import { type Db, rowsFrom } from '../platform/database/index.ts';
import { liveKeyOf } from './alertRow.ts';
import { possibleCauses } from './causes.ts';
import { explainsNow } from './explains.ts';
import type { Judged } from './raise.ts';
import { inBatches } from './store.ts';
import { isRaising } from './telling.ts';

export interface Attached {
  readonly judged: readonly Judged[];
  /** Alerts whose cause is live: nobody is told of them apart. */
  readonly explained: ReadonlySet<string>;
}

/**
 * Attaches each alert to the live one that explains it, the farthest where there are several: a job to its runner's
 * site, not to its runner. Causes may be among the alerts themselves.
 */
export async function attachToCauses(
  tx: Db,
  organizationId: string,
  judged: readonly Judged[],
  at: Date,
): Promise<Attached> {
  const places = await readPlaces(tx, organizationId, judged);
  const possible = judged.map((one) => causesOf(one, places));
  const wanted = [...new Set(possible.flat())];
  if (wanted.length === 0) return { judged, explained: new Set() };
  const live = await readLive(tx, organizationId, wanted, at);
  for (const { alert } of judged)
    if (wanted.includes(alert.fingerprint)) live.set(alert.fingerprint, alert.id);
  const causes = new Map<string, string>();
  judged.forEach(({ alert }, index) => {
    const cause = possible[index]?.map((name) => live.get(name)).find((id) => id !== undefined);
    if (cause !== undefined) causes.set(alert.id, cause);
  });
  return {
    judged: judged.map((one) => withCause(one, rootOf(causes, one.alert.id))),
    explained: new Set(causes.keys()),
  };
}

/** Follows causes that are themselves explained here; a bound, should two name each other. */
function rootOf(causes: ReadonlyMap<string, string>, alertId: string): string | undefined {
  let root = causes.get(alertId);
  for (let hops = 0; hops < 5 && root !== undefined; hops += 1) {
    const next = causes.get(root);
    if (next === undefined || next === alertId) return root;
    root = next;
  }
  return root;
}

/** What is still owed of the alert waits for the cause; what people know already stays known. */
function withCause(one: Judged, causeId: string | undefined): Judged {
  if (causeId === undefined) return one;
  const { alert } = one;
  const waits = isRaising(alert.tell_transition);
  return {
    ...one,
    alert: { ...alert, cause_alert_id: causeId, tell_due_at: waits ? null : alert.tell_due_at },
  };
}

interface Places {
  readonly runners: ReadonlyMap<string, { readonly groupId: string | null; readonly shareName: string }>;
  readonly jobs: ReadonlyMap<string, { readonly runnerId: string; readonly shareName: string }>;
}

function causesOf({ finding, alert }: Judged, places: Places): readonly string[] {
  const job = places.jobs.get(alert.job_id ?? '');
  const runnerId = alert.runner_id ?? job?.runnerId ?? null;
  const runner = places.runners.get(runnerId ?? '');
  return possibleCauses({
    fingerprint: alert.fingerprint,
    class: alert.class,
    causeFingerprint: finding.causeFingerprint,
    runnerId,
    groupId: runner?.groupId ?? null,
    shareName: job?.shareName ?? runner?.shareName ?? null,
    isOfJob: alert.job_id !== null,
  });
}

/** Where runners and jobs stand; read only when one of the alerts may hang on it. */
async function readPlaces(tx: Db, organizationId: string, judged: readonly Judged[]): Promise<Places> {
  const hangs = judged.some(
    ({ finding, alert }) =>
      alert.class === 'operational' &&
      finding.causeFingerprint !== null &&
      (alert.runner_id !== null || alert.job_id !== null),
  );
  if (!hangs) return { runners: new Map(), jobs: new Map() };
  const runners = await tx
    .selectFrom('runners')
    .select(['id', 'group_id', 'share_name'])
    .where('organization_id', '=', organizationId)
    .execute();
  const jobs = await tx
    .selectFrom('jobs')
    .select(['id', 'runner_id', 'share_name'])
    .where('organization_id', '=', organizationId)
    .execute();
  return {
    runners: new Map(runners.map((row) => [row.id, { groupId: row.group_id, shareName: row.share_name }])),
    jobs: new Map(jobs.map((row) => [row.id, { runnerId: row.runner_id, shareName: row.share_name }])),
  };
}

/** Live alerts by fingerprint; of one that is explained itself, what explains it. */
async function readLive(
  tx: Db,
  organizationId: string,
  wanted: readonly string[],
  at: Date,
): Promise<Map<string, string>> {
  const live = new Map<string, string>();
  for (const batch of inBatches(wanted)) {
    const asked = rowsFrom(
      'asked',
      { live_key: 'id' },
      batch.map((fingerprint) => ({ live_key: liveKeyOf({ organizationId, fingerprint }) })),
    );
    const rows = await tx
      .selectFrom('alerts as cause')
      .leftJoin('alerts as root', (join) =>
        join.onRef('root.id', '=', 'cause.cause_alert_id').on('root.status', '<>', 'resolved'),
      )
      .select(['cause.fingerprint', 'cause.id', 'root.id as root_id'])
      .where('cause.live_key', 'in', (eb) => eb.selectFrom(asked).select('asked.live_key'))
      .where(explainsNow(at))
      .execute();
    for (const row of rows) live.set(row.fingerprint, row.root_id ?? row.id);
  }
  return live;
}
