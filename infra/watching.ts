import { Diagnostics, type Observed, storageServices } from './parts/diagnostics.ts';
import { Locks } from './parts/locks.ts';
import { MetricAlerts } from './parts/metricAlerts.ts';
import { QueryAlerts } from './parts/queryAlerts.ts';
import { SavedQueries } from './parts/savedQueries.ts';
import type { Parts } from './program.ts';
import { readSavedQueries } from './queries/savedQueries.ts';

/** What watches over a stack, and what keeps hands off its data. */
export function watchOver(parts: Parts): void {
  const { place, monitoring, database, files, hostStorage, vault, backup, app } = parts;
  const queries = readSavedQueries();
  new SavedQueries(place, monitoring, queries);
  new QueryAlerts(place, monitoring, queries);
  new MetricAlerts(place, monitoring, {
    databaseId: database.database.id,
    filesStorageId: files.account.id,
    appId: place.configuration.plan.kind === 'appService' ? app.app.id : undefined,
  });
  new Diagnostics(monitoring.workspace.id, observed(parts));
  new Locks({
    'files-storage': files.account.id,
    'host-storage': hostStorage.account.id,
    sql: database.server.id,
    ...(database.standby === undefined ? {} : { 'sql-standby': database.standby.server.id }),
    vault: vault.vault.id,
    'recovery-vault': backup.vault.id,
  });
}

const databaseLogs = ['Errors', 'Timeouts', 'Blocks', 'Deadlocks', 'DatabaseWaitStatistics'];

function observed({ database, files, hostStorage, vault, backup, app, redis }: Parts): readonly Observed[] {
  const all: Observed[] = [
    { name: 'database', id: database.database.id, logs: databaseLogs, metric: 'Basic' },
    ...storageServices('files-storage', files.account.id, ['file', 'blob']),
    ...storageServices('host-storage', hostStorage.account.id, ['blob', 'queue', 'table']),
    { name: 'vault', id: vault.vault.id, logs: ['AuditEvent'] },
    {
      name: 'recovery-vault',
      id: backup.vault.id,
      logs: ['CoreAzureBackup', 'AddonAzureBackupJobs', 'AddonAzureBackupPolicy'],
      inOwnTables: true,
    },
    { name: 'app', id: app.app.id, metric: 'AllMetrics' },
  ];
  if (app.slot !== undefined) all.push({ name: 'staging', id: app.slot.id, metric: 'AllMetrics' });
  if (database.standby !== undefined)
    all.push({
      name: 'database-standby',
      id: database.standby.database.id,
      logs: databaseLogs,
      metric: 'Basic',
    });
  if (redis !== undefined) all.push({ name: 'redis', id: redis.cluster.id, metric: 'AllMetrics' });
  return all;
}
