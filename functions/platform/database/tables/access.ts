import type { Json } from './json.ts';

/** Who may do what, and who did it. Rows are described, with their reasons, in migrations/postgres/001_base.sql. */

export interface OrganizationsTable {
  id: string;
  name: string;
  created_at: Date;
}

export interface UsersTable {
  id: string;
  organization_id: string;
  email: string;
  email_key: string;
  display_name: string;
  role: 'viewer' | 'operator' | 'admin';
  password_hash: string | null;
  disabled_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface SessionsTable {
  token_hash: string;
  user_id: string;
  created_at: Date;
  expires_at: Date;
  last_seen_at: Date;
}

export interface ApiTokensTable {
  id: string;
  user_id: string;
  name: string;
  token_hash: string;
  role: 'viewer' | 'operator' | 'admin';
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

export interface AuditLogTable {
  id: string;
  organization_id: string;
  actor_kind: string;
  actor: string;
  action: string;
  subject_type: string;
  subject_id: string;
  detail_json: Json;
  correlation_id: string | null;
  created_at: Date;
}
