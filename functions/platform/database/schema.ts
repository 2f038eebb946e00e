import type { Kysely } from 'kysely';
import type {
  OrganizationsTable,
  UsersTable,
  SessionsTable,
  ApiTokensTable,
  AuditLogTable,
} from './tables/access.ts';
import type {
  RunnerGroupsTable,
  RunnersTable,
  DueRevocationsTable,
  EnrolmentsTable,
  JobsTable,
  ProductionPeaksTable,
  RunnerCommandsTable,
} from './tables/fleet.ts';
import type {
  ChangeEventsTable,
  RegisterCursorsTable,
  RegisterEntitiesTable,
  SentinelLogTable,
} from './tables/registers.ts';
import type {
  SyncRunsTable,
  SyncStepsTable,
  SyncRunFilesTable,
  StateChangesTable,
  WorkflowSchedulesTable,
} from './tables/runs.ts';
import type {
  LostFilesTable,
  SealedFoldersTable,
  SyncedFilesTable,
  SyncedFoldersTable,
} from './tables/archive.ts';
import type {
  AlertRulesTable,
  MaintenanceWindowsTable,
  NotificationChannelsTable,
  NotificationsTable,
} from './tables/alerting.ts';
import type {
  AlertsTable,
  TimerTicksTable,
  AuditResultsTable,
  CredentialAgesTable,
  QuotaReadingsTable,
  SchemaMigrationsTable,
} from './tables/operations.ts';

/** Every table by its name in SQL; columns are the SQL names, unchanged. */
export interface Schema {
  organizations: OrganizationsTable;
  users: UsersTable;
  sessions: SessionsTable;
  api_tokens: ApiTokensTable;
  audit_log: AuditLogTable;
  runner_groups: RunnerGroupsTable;
  runners: RunnersTable;
  due_revocations: DueRevocationsTable;
  enrolments: EnrolmentsTable;
  jobs: JobsTable;
  production_peaks: ProductionPeaksTable;
  runner_commands: RunnerCommandsTable;
  sync_runs: SyncRunsTable;
  sync_steps: SyncStepsTable;
  sync_run_files: SyncRunFilesTable;
  state_changes: StateChangesTable;
  register_entities: RegisterEntitiesTable;
  change_events: ChangeEventsTable;
  sentinel_log: SentinelLogTable;
  register_cursors: RegisterCursorsTable;
  workflow_schedules: WorkflowSchedulesTable;
  synced_files: SyncedFilesTable;
  synced_folders: SyncedFoldersTable;
  sealed_folders: SealedFoldersTable;
  lost_files: LostFilesTable;
  alerts: AlertsTable;
  alert_rules: AlertRulesTable;
  notification_channels: NotificationChannelsTable;
  notifications: NotificationsTable;
  maintenance_windows: MaintenanceWindowsTable;
  timer_ticks: TimerTicksTable;
  audit_results: AuditResultsTable;
  quota_readings: QuotaReadingsTable;
  credential_ages: CredentialAgesTable;
  schema_migrations: SchemaMigrationsTable;
}

/** What a store function takes: the whole database, or a transaction on it. */
export type Db = Kysely<Schema>;

export type TableName = keyof Schema;
