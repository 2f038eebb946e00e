import type { Settings } from './settings.ts';

/** How a storage account is reached: by its key, or by an identity that has roles on it. */
export type StorageAccess =
  | { readonly connectionString: string }
  | { readonly accountName: string; readonly clientId: string | undefined };

/** The account of the Functions host: queues, tables, leases. */
export function hostStorageOf(settings: Settings): StorageAccess {
  const { AzureWebJobsStorage: connectionString, AzureWebJobsStorage__accountName: accountName } = settings;
  if (connectionString !== undefined) return { connectionString };
  if (accountName !== undefined) return { accountName, clientId: settings.AZURE_CLIENT_ID };
  throw new TypeError(
    'The storage account of the host is not known; wanted: AzureWebJobsStorage, or AzureWebJobsStorage__accountName',
  );
}

/** Where a service of an account answers in Azure's public cloud. */
export function endpointOf(accountName: string, service: 'blob' | 'queue' | 'table'): string {
  return `https://${accountName}.${service}.core.windows.net`;
}
