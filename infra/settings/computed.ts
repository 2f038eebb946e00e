import type { functionSettings } from '../../shared/settings/functions.ts';

export type FunctionSetting = keyof typeof functionSettings;

/**
 * Settings of the functions that follow from what this program makes, or from what Azure is, and why no stack chooses them. All
 * others are the stack's: `settings`, or `secrets` where they are declared secret.
 */
export const computed = {
  DATABASE_URL: 'in the vault: the database of this stack, by identity',
  DB_POOL_MAX: 'the workers of the tier, dealt out to all instances',
  FILES_CREDENTIAL_URL: 'the secret with the key that SAS are signed with',
  FILES_REDUNDANCY: 'files.redundancy',
  SHARE_SNAPSHOTS_KEEP: 'files.snapshotDays: of shares that no backup policy knows yet',
  AzureWebJobsStorage__accountName: 'the host’s storage account',
  AZURE_CLIENT_ID: 'the identity of this stack',
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'in the vault: Application Insights of this stack',
  REDIS_URL: 'in the vault: Redis of this stack, by identity; without Redis each host counts alone',
  PUBLIC_ORIGINS: 'the app’s own address, unless the stack says another',
  BACKGROUND_WORK: 'off in a staging slot',
} as const satisfies Partial<Record<FunctionSetting, string>>;

/** They have no place in Azure: another way of saying the same, or a default that is right there. */
export const absent = {
  FILES_CONNECTION_STRING: 'its key would stand in the app; FILES_CREDENTIAL_URL names where it is kept',
  AzureWebJobsStorage: 'the account has no shared key',
  DATABASE_QUOTA_GB: 'Azure SQL says its quota itself',
  NODE_ENV: 'production is its default',
  DASHBOARD_DIR: 'the dashboard is in the package',
  NOTIFY_ALLOW_PRIVATE_ADDRESSES: 'for one machine and tests',
} as const satisfies Partial<Record<FunctionSetting, string>>;

export type ComputedSetting = keyof typeof computed;
export type AbsentSetting = keyof typeof absent;
/** What a stack may choose. A setting that is declared anew is among them by itself. */
export type OpenSetting = Exclude<
  FunctionSetting,
  AbsentSetting | Exclude<ComputedSetting, 'PUBLIC_ORIGINS'>
>;

export function isOpen(name: string): name is OpenSetting {
  return name === 'PUBLIC_ORIGINS' || !(name in computed || name in absent);
}
