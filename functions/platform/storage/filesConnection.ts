import { keyVaultSecret } from '../keyVaultSecret.ts';
import type { Logger } from '../logging.ts';
import type { Settings } from '../settings.ts';
import type { FilesAccess } from './filesAccount.ts';

/** The connection string of the archive's account: as it is set, or from a key vault, where it changes when keys rotate. */
export function filesAccessOf(settings: Settings, log: Pick<Logger, 'warn'>): FilesAccess {
  const { FILES_CREDENTIAL_URL: url, FILES_CONNECTION_STRING: connectionString } = settings;
  if (url !== undefined) return { connection: keyVaultSecret(url, settings.AZURE_CLIENT_ID, log) };
  if (connectionString !== undefined) return { connectionString };
  throw new TypeError(
    'The storage account of the archive is not known; wanted: FILES_CREDENTIAL_URL, or FILES_CONNECTION_STRING',
  );
}
