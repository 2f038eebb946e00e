import type { Selectable } from 'kysely';
import { json, type Schema } from '../platform/database/index.ts';
import type { Finding } from './finding.ts';

export type AlertRow = Selectable<Schema['alerts']>;

const severities = ['info', 'warning', 'critical'] as const;

export function isWorse(one: AlertRow['severity'], other: AlertRow['severity']): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}

/** Names a live alert among all organizations; an alert has its own id there when its problem may open anew: a resolved one, and a loss after which there was another. */
export function liveKeyOf(problem: {
  readonly organizationId: string;
  readonly fingerprint: string;
}): string {
  return `${problem.organizationId} ${problem.fingerprint}`;
}

const MAX_FINGERPRINT = 250;
const MAX_TITLE = 500;
const MAX_DETAIL = 4000;

/** A new alert. Throws RangeError for a fingerprint that is too long to be a key. */
export function openedRow(id: string, finding: Finding, at: Date): AlertRow {
  const { organizationId, fingerprint } = finding;
  if (fingerprint.length > MAX_FINGERPRINT)
    throw new RangeError(
      `Cannot open an alert: its fingerprint has ${String(fingerprint.length)} characters, wanted at most ${String(MAX_FINGERPRINT)}`,
    );
  return {
    id,
    organization_id: organizationId,
    fingerprint,
    live_key: liveKeyOf(finding),
    status: 'open',
    seen_count: finding.occurrences ?? 1,
    runner_id: finding.runnerId ?? null,
    job_id: finding.jobId ?? null,
    opened_at: at,
    resolved_at: null,
    resolved_reason: null,
    version: 1,
    cause_alert_id: null,
    transition_seq: 1,
    reopened_count: 0,
    acknowledged_at: null,
    acknowledged_by: null,
    snoozed_until: null,
    tell_transition: null,
    tell_due_at: null,
    ...wordsOf(finding, at),
    source: finding.source ?? null,
    severity: finding.severity,
  };
}

/** The alert as it is after it was met again: its severity only rises while it is live. */
export function seenAgainRow(row: AlertRow, finding: Finding, at: Date): AlertRow {
  const worsens = isWorse(finding.severity, row.severity);
  return {
    ...row,
    ...wordsOf(finding, at),
    source: finding.source ?? row.source,
    severity: worsens ? finding.severity : row.severity,
    seen_count: row.seen_count + (finding.occurrences ?? 1),
    transition_seq: (row.transition_seq ?? 0) + (worsens ? 1 : 0),
    version: row.version + 1,
  };
}

/** The alert as it is when its problem is back a short while after it was resolved. */
export function reopenedRow(row: AlertRow, finding: Finding, at: Date): AlertRow {
  return {
    ...row,
    ...wordsOf(finding, at),
    source: finding.source ?? row.source,
    severity: finding.severity,
    status: 'open',
    live_key: liveKeyOf(finding),
    seen_count: row.seen_count + (finding.occurrences ?? 1),
    resolved_at: null,
    resolved_reason: null,
    acknowledged_at: null,
    acknowledged_by: null,
    cause_alert_id: null,
    transition_seq: (row.transition_seq ?? 0) + 1,
    reopened_count: (row.reopened_count ?? 0) + 1,
    version: row.version + 1,
  };
}

export function resolvedRow(row: AlertRow, reason: string, at: Date): AlertRow {
  return {
    ...row,
    status: 'resolved',
    live_key: row.id,
    resolved_at: at,
    resolved_reason: reason,
    transition_seq: (row.transition_seq ?? 0) + 1,
    tell_transition: null,
    tell_due_at: null,
    quiet_since: null,
    version: row.version + 1,
  };
}

/** The live alert of an earlier loss after it gave up its place: a later loss is told as a new one, and this stays until a person resolves it. */
export function giveUpPlace(row: AlertRow): AlertRow {
  return { ...row, live_key: row.id, version: row.version + 1 };
}

function wordsOf(finding: Finding, at: Date) {
  return {
    title: finding.title.slice(0, MAX_TITLE),
    detail: finding.detail.slice(0, MAX_DETAIL),
    class: finding.class,
    facts_json: finding.facts ?? null,
    runbook: finding.runbook ?? null,
    last_seen_at: at,
    quiet_since: null,
  };
}

/** How a row travels to the database. */
export const alertColumns = {
  id: 'id',
  organization_id: 'id',
  fingerprint: 'id',
  live_key: 'id',
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
  resolved_at: 'instant?',
  version: 'int',
  source: 'id?',
  cause_alert_id: 'id?',
  facts_json: 'json?',
  runbook: 'text?',
  transition_seq: 'int?',
  reopened_count: 'int?',
  acknowledged_at: 'instant?',
  acknowledged_by: 'text?',
  snoozed_until: 'instant?',
  resolved_reason: 'text?',
  tell_transition: 'text?',
  tell_due_at: 'instant?',
  quiet_since: 'instant?',
} as const;

export function storedForm(row: AlertRow) {
  return { ...row, facts_json: row.facts_json === null ? null : json(row.facts_json) };
}
