import { sql } from 'kysely';
import { insertIfAbsent as insertRowIfAbsent, type Db } from '../platform/database/index.ts';
import type { Finding } from './finding.ts';

/** Unique while the alert is live; a resolved alert has its id there. */
export function liveKeyOf(problem: {
  readonly organizationId: string;
  readonly fingerprint: string;
}): string {
  return `${problem.organizationId} ${problem.fingerprint}`;
}

const severities = ['info', 'warning', 'critical'] as const;

/** Inserts the alert unless one with its fingerprint is live; false: one is. */
export async function insertIfAbsent(tx: Db, alertId: string, finding: Finding, at: Date): Promise<boolean> {
  const row = {
    id: alertId,
    organization_id: finding.organizationId,
    fingerprint: finding.fingerprint,
    live_key: liveKeyOf(finding),
    source: finding.source ?? null,
    severity: finding.severity,
    class: finding.class,
    title: finding.title,
    detail: finding.detail,
    status: 'open',
    seen_count: finding.occurrences ?? 1,
    runner_id: finding.runnerId ?? null,
    job_id: finding.jobId ?? null,
    opened_at: at,
    last_seen_at: at,
    version: 1,
  };
  const written = await insertRowIfAbsent(tx, 'alerts', { columns, rows: [row], key: ['live_key'] });
  return written === 1;
}

const columns = {
  id: 'id',
  organization_id: 'id',
  fingerprint: 'id',
  live_key: 'id',
  source: 'id?',
  severity: 'text',
  class: 'text',
  title: 'text',
  detail: 'text',
  status: 'text',
  seen_count: 'int',
  runner_id: 'id?',
  job_id: 'id?',
  opened_at: 'instant',
  last_seen_at: 'instant',
  version: 'int',
} as const;

/** Counts one more on the live alert and shows the newest words; gives its id, or undefined when none is live. */
export async function seeAgain(tx: Db, finding: Finding, at: Date): Promise<string | undefined> {
  const atMost = severities.slice(0, severities.indexOf(finding.severity) + 1);
  const row = await tx
    .updateTable('alerts')
    .set((eb) => ({
      title: finding.title,
      detail: finding.detail,
      severity: eb
        .case()
        .when('severity', 'in', atMost)
        .then(sql.val(finding.severity))
        .else(eb.ref('severity'))
        .end(),
      seen_count: eb('seen_count', '+', finding.occurrences ?? 1),
      last_seen_at: at,
      version: eb('version', '+', 1),
    }))
    .where('live_key', '=', liveKeyOf(finding))
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

export interface LiveAlert {
  readonly id: string;
  readonly status: string;
  readonly version: number;
}

export async function readLive(
  db: Db,
  problem: { readonly organizationId: string; readonly fingerprint: string },
): Promise<LiveAlert | undefined> {
  return db
    .selectFrom('alerts')
    .select(['id', 'status', 'version'])
    .where('live_key', '=', liveKeyOf(problem))
    .executeTakeFirst();
}

/** By compare-and-set: false when it changed meanwhile. Its live key becomes its id, so that the problem may open anew. */
export async function resolveLive(tx: Db, live: LiveAlert, at: Date): Promise<boolean> {
  const result = await tx
    .updateTable('alerts')
    .set({ status: 'resolved', resolved_at: at, live_key: live.id, version: live.version + 1 })
    .where('id', '=', live.id)
    .where('version', '=', live.version)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
