import { ShareServiceClient, StorageSharedKeyCredential } from '@azure/storage-file-share';
import type { KeptSecret } from '../keyVaultSecret.ts';

export interface FilesAccount {
  readonly service: ShareServiceClient;
  readonly credential: StorageSharedKeyCredential;
  /** Where agents reach the shares: no slash at its end. */
  readonly publicUrl: string;
}

/** The account by its connection string, or by one that may change while this process runs. */
export type FilesAccess = { readonly connectionString: string } | { readonly connection: KeptSecret };

/** The account as it is to be called now. */
export interface FilesAccounts {
  open(): Promise<FilesAccount>;
  /** Its key was refused: the next call reads it anew. */
  forget(): void;
  /** Since when its key is the one that is used, as far as that is known; nothing waits for it. */
  usedSince(): Date | undefined;
}

/** A function does not wait long for storage: what asked comes again. */
const retryOptions = { maxTries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4000, tryTimeoutInMs: 30_000 };

/** Throws at once for a connection string that it cannot use; one that comes later rejects. */
export function openFilesAccounts(access: FilesAccess, publicEndpoint: string | undefined): FilesAccounts {
  if ('connectionString' in access) {
    const account = openFilesAccount(access.connectionString, publicEndpoint);
    return { open: () => Promise.resolve(account), forget: () => undefined, usedSince: () => undefined };
  }
  let opened: { readonly text: string; readonly account: FilesAccount } | undefined;
  return {
    open: async () => {
      const { text } = await access.connection.read();
      if (opened?.text !== text) opened = { text, account: openFilesAccount(text, publicEndpoint) };
      return opened.account;
    },
    forget: () => access.connection.forget(),
    usedSince: () => access.connection.peek()?.since,
  };
}

/** Opens the storage account of a connection string. Throws, without the key, when the string names no account and key. */
function openFilesAccount(connectionString: string, publicEndpoint: string | undefined): FilesAccount {
  const accountName = partOf(connectionString, 'AccountName');
  const accountKey = partOf(connectionString, 'AccountKey');
  if (accountName === undefined || accountKey === undefined)
    throw new TypeError(
      'FILES_CONNECTION_STRING lacks AccountName or AccountKey; wanted: the connection string of a storage account',
    );
  const credential = new StorageSharedKeyCredential(accountName, accountKey);
  const service = new ShareServiceClient(endpointOf(connectionString, accountName), credential, {
    retryOptions,
  });
  return { service, credential, publicUrl: (publicEndpoint ?? service.url).replace(/\/+$/, '') };
}

function endpointOf(connectionString: string, accountName: string): string {
  const named = partOf(connectionString, 'FileEndpoint');
  if (named !== undefined) return named.replace(/\/+$/, '');
  const protocol = partOf(connectionString, 'DefaultEndpointsProtocol') ?? 'https';
  const suffix = partOf(connectionString, 'EndpointSuffix') ?? 'core.windows.net';
  return `${protocol}://${accountName}.file.${suffix}`;
}

/** Values hold `=` themselves: keys are base64. */
function partOf(connectionString: string, name: string): string | undefined {
  for (const part of connectionString.split(';')) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim().toLowerCase() === name.toLowerCase())
      return part.slice(equals + 1).trim();
  }
  return undefined;
}
