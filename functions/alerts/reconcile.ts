import { type WriteContext, writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { raiseAlert, resolveAlert } from './alert.ts';
import type { FindingReport, ReconcileOutcome } from './finding.ts';

/**
 * Holds what a check found against the live alerts of that check: opens, counts, reopens, worsens, and resolves what
 * is not found any more. One transaction an organization, in which each state change is written down and one
 * notification a channel is put into the outbox; then they are sent. Idempotent; rivals with the same findings take turns.
 */
export async function reconcileFindings(
  services: Services,
  report: FindingReport,
): Promise<ReconcileOutcome> {
  const context: WriteContext = { ...writeContext(services), at: report.at };
  const { db } = services.database;
  const outcome = { opened: 0, reopened: 0, worsened: 0, seen: 0, resolved: 0 };
  const live = await db
    .selectFrom('alerts')
    .select(['organization_id', 'fingerprint'])
    .where('source', '=', report.source)
    .where('status', '<>', 'resolved')
    .execute();
  for (const finding of report.findings) await raiseAlert(db, { ...finding, source: report.source }, context);
  for (const alert of live) {
    if (report.findings.some((finding) => finding.fingerprint === alert.fingerprint)) continue;
    const { organization_id: organizationId, fingerprint } = alert;
    const reason = 'not found any more';
    if (await resolveAlert(db, { organizationId, fingerprint, reason }, context)) outcome.resolved += 1;
  }
  return outcome;
}
