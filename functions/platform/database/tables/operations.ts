import type { Json, NullableJson } from './json.ts';

/** Open problems, timers, audits and the schema itself. Rows are described, with their reasons, in migrations/postgres/001_base.sql. */

export interface AlertsTable {
  id: string;
  organization_id: string;
  fingerprint: string;
  live_key: string;
  severity: 'info' | 'warning' | 'critical';
  class: string;
  title: string;
  detail: string;
  status: 'open' | 'acknowledged' | 'resolved';
  seen_count: number;
  runner_id: string | null;
  job_id: string | null;
  opened_at: Date;
  last_seen_at: Date;
  resolved_at: Date | null;
  version: number;
  source: string | null;
  cause_alert_id: string | null;
  facts_json: NullableJson;
  runbook: string | null;
  transition_seq: number | null;
  reopened_count: number | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  snoozed_until: Date | null;
  resolved_reason: string | null;
  tell_transition: string | null;
  tell_due_at: Date | null;
  quiet_since: Date | null;
}

export interface TimerTicksTable {
  timer_name: string;
  due_at: Date;
  instance_id: string;
  started_at: Date;
  finished_at: Date | null;
  examined: number | null;
  changed: number | null;
  error: string | null;
}

export interface AuditResultsTable {
  id: string;
  organization_id: string;
  trigger_kind: string;
  requested_by: string;
  min_version: string | null;
  verdict: 'pass' | 'warn' | 'fail' | 'error';
  checks_json: Json;
  started_at: Date;
  finished_at: Date;
}

export interface SchemaMigrationsTable {
  number: number;
  name: string;
  checksum: string;
  breaking: boolean;
  applied_at: Date;
}

export interface QuotaReadingsTable {
  target: string;
  measured_at: Date;
  used_bytes: number;
  quota_bytes: number | null;
}

export interface CredentialAgesTable {
  name: string;
  fingerprint: string;
  since: Date;
  last_seen_at: Date;
}
