import type { Json } from './json.ts';

/** What registers and APIs hold, and how it changed. Rows are described, with their reasons, in migrations/postgres/006_workflows.sql. */

export interface RegisterEntitiesTable {
  organization_id: string;
  register: string;
  entity_type: string;
  code: string;
  title: string | null;
  status: string | null;
  superseded_by: string | null;
  attributes_json: Json;
  digest: string;
  seen_run_id: string;
  first_seen_at: Date;
  changed_at: Date;
  refreshed_at: Date | null;
  gone_at: Date | null;
}

export interface ChangeEventsTable {
  id: string;
  organization_id: string;
  run_id: string;
  register: string;
  event_type: string;
  entity_type: string;
  entity_code: string;
  old_value: string | null;
  new_value: string | null;
  detail: string | null;
  created_at: Date;
}

export interface SentinelLogTable {
  id: string;
  organization_id: string;
  run_id: string;
  sync_type: string;
  target: string;
  previous_total: number | null;
  live_total: number;
  verdict: 'first' | 'ok' | 'stopped';
  detail: string | null;
  created_at: Date;
}

export interface RegisterCursorsTable {
  organization_id: string;
  register: string;
  name: string;
  value_json: Json;
  run_id: string;
  updated_at: Date;
}
