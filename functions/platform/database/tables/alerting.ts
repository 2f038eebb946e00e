import type { Json } from './json.ts';

/** Who is told of what, and what was sent. Rows are described, with their reasons, in migrations/postgres/003_nothing_is_lost.sql. */

export interface NotificationChannelsTable {
  id: string;
  organization_id: string;
  kind: 'teams' | 'email' | 'pagerduty' | 'jira' | 'webhook';
  name: string;
  enabled: boolean;
  config_json: Json;
  secret_box: string | null;
  last_ok_at: Date | null;
  last_failed_at: Date | null;
  last_error: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface AlertRulesTable {
  id: string;
  organization_id: string;
  name: string;
  position: number;
  enabled: boolean;
  match_json: Json;
  routes_json: Json;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface NotificationsTable {
  id: string;
  organization_id: string;
  alert_id: string | null;
  transition: string;
  dedup_key: string;
  channel_id: string;
  recipients_json: Json;
  message_json: Json;
  status: 'pending' | 'sending' | 'delivered' | 'failed' | 'suppressed';
  attempts: number;
  next_attempt_at: Date | null;
  lease_token: string | null;
  lease_until: Date | null;
  last_error: string | null;
  response_status: number | null;
  created_at: Date;
  delivered_at: Date | null;
  version: number;
}

export interface MaintenanceWindowsTable {
  id: string;
  organization_id: string;
  runner_id: string | null;
  group_id: string | null;
  reason: string;
  starts_at: Date;
  ends_at: Date;
  created_by: string;
  created_at: Date;
}
