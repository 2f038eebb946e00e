import { type Db, withLock } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { AlertRow } from './alertRow.ts';
import { deliverDue } from './deliver.ts';
import type { Finding, FindingReport, ReconcileOutcome } from './finding.ts';
import { raiseAll } from './raise.ts';
import { resolveAll } from './resolve.ts';
import { alertsLock, inBatches, lockResolvedSince } from './store.ts';
import { byUrgency } from './urgency.ts';

/**
 * Holds what a check found against the live alerts of that check: opens, counts, reopens, worsens, and resolves what
 * is not found any more. One transaction an organization, in which each state change is written down and one
 * notification a channel is put into the outbox; then they are sent. Idempotent; rivals with the same findings take turns,
 * and of what a newer look has decided an older one undoes nothing.
 */
export async function reconcileFindings(
  services: Services,
  report: FindingReport,
): Promise<ReconcileOutcome> {
  const total = { opened: 0, reopened: 0, worsened: 0, seen: 0, resolved: 0 };
  const byOrganization = Map.groupBy(report.findings, (finding) => finding.organizationId);
  const { db } = services.database;
  const organizations = new Set([...byOrganization.keys(), ...(await organizationsOf(db, report))]);
  const context = { at: report.at, newId: services.newId };
  for (const organizationId of organizations) {
    const findings = (byOrganization.get(organizationId) ?? []).map((one) => ({
      ...one,
      source: report.source,
    }));
    const counts = await services.database.transaction((tx) =>
      reconcileOrganization(tx, organizationId, { ...report, findings }, context),
    );
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += counts[name];
  }
  if (total.opened + total.reopened + total.worsened + total.resolved > 0) await sendSoon(services);
  return total;
}

/** What is decided is in the outbox: that it could not be sent now is the sweeper's affair. */
async function sendSoon(services: Services): Promise<void> {
  try {
    await deliverDue(services);
  } catch (error) {
    services.log.warn('notifications could not be sent at once; the sweeper sends them', { error });
  }
}

async function reconcileOrganization(
  db: Db,
  organizationId: string,
  report: FindingReport,
  context: WriteContext,
): Promise<ReconcileOutcome> {
  return withLock(db, alertsLock(organizationId), async (tx) => {
    const counts = { opened: 0, reopened: 0, worsened: 0, seen: 0 };
    const found = causesFirst(onePerFingerprint(report.findings));
    const overtaken = await resolvedLater(tx, organizationId, found, report.at);
    const findings = found.filter(({ fingerprint }) => !overtaken.has(fingerprint));
    for (const batch of inBatches(findings)) {
      const met = await raiseAll(tx, organizationId, batch, context);
      for (const { transition } of met.values()) counts[transition] += 1;
    }
    const kept = new Set([...found.map(({ fingerprint }) => fingerprint), ...(report.undecided ?? [])]);
    const gone = (await lockOfSource(tx, organizationId, report)).filter(
      (row) => !kept.has(row.fingerprint) && row.last_seen_at <= report.at,
    );
    const resolution = { reason: 'not found any more', atOnce: false };
    return { ...counts, resolved: await resolveAll(tx, organizationId, gone, resolution, context) };
  });
}

/** What a newer look did not find any more: a host that stood still between its look and this must not bring it back. */
async function resolvedLater(
  tx: Db,
  organizationId: string,
  findings: readonly Finding[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const names = findings.map(({ fingerprint }) => fingerprint);
  const rows = await lockResolvedSince(tx, organizationId, names, at);
  return new Set(
    rows.flatMap((row) => (row.resolved_at !== null && row.resolved_at > at ? row.fingerprint : [])),
  );
}

/** Of several with one fingerprint the first counts, as often as all were met. */
function onePerFingerprint(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, (finding) => finding.fingerprint);
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const met = [first, ...rest].reduce((sum, one) => sum + (one.occurrences ?? 1), 0);
    return [{ ...first, occurrences: met }];
  });
}

/** Causes before effects, so that an effect in a later batch finds its cause; then the most urgent, which too many others must not crowd out. */
function causesFirst(findings: readonly Finding[]): Finding[] {
  const named = new Set(findings.map((finding) => finding.causeFingerprint));
  const depth = ({ fingerprint, runnerId, jobId }: Finding): number => {
    if (named.has(fingerprint)) return 0;
    return 1 + Number((runnerId ?? null) !== null) + Number((jobId ?? null) !== null);
  };
  return findings.toSorted((a, b) => depth(a) - depth(b) || byUrgency(a, b));
}

/** Organizations with live alerts of the source, so that alerts end where nothing is found any more. */
async function organizationsOf(db: Db, { source, scope }: FindingReport): Promise<string[]> {
  let query = db
    .selectFrom('alerts')
    .select('organization_id')
    .distinct()
    .where('source', '=', source)
    .where('status', 'in', ['open', 'acknowledged']);
  if (scope?.organizationId !== undefined) query = query.where('organization_id', '=', scope.organizationId);
  const rows = await query.execute();
  return rows.map((row) => row.organization_id);
}

async function lockOfSource(
  tx: Db,
  organizationId: string,
  { source, scope }: FindingReport,
): Promise<AlertRow[]> {
  if (scope?.organizationId !== undefined && scope.organizationId !== organizationId) return [];
  let query = tx
    .selectFrom('alerts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('status', 'in', ['open', 'acknowledged'])
    .where('source', '=', source);
  if (scope?.runnerId !== undefined) query = query.where('runner_id', '=', scope.runnerId);
  if (scope?.jobId !== undefined) query = query.where('job_id', '=', scope.jobId);
  return query.orderBy('id').forUpdate().execute();
}
