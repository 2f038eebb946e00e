import type { functionSettings } from '../../shared/settings/functions.ts';

export type FunctionSetting = keyof typeof functionSettings;

/** Settings of the functions that follow from what this program makes, or from what Azure is: no stack chooses them. */
export const computedSettings: readonly string[] = [
  'DATABASE_URL',
  'DB_POOL_MAX',
  'DATABASE_QUOTA_GB',
  'FILES_CONNECTION_STRING',
  'FILES_REDUNDANCY',
  'SHARE_SNAPSHOTS_KEEP',
  'AzureWebJobsStorage',
  'NODE_ENV',
  'DASHBOARD_DIR',
] satisfies readonly FunctionSetting[];
