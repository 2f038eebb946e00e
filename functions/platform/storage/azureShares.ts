import { createHash } from 'node:crypto';
import {
  SASProtocol,
  type ShareClient,
  type ShareDirectoryClient,
  type ShareFileClient,
  generateFileSASQueryParameters,
} from '@azure/storage-file-share';
import type { Credential } from '../../../shared/contract/agents.ts';
import { folderOf, nameOf } from '../../../shared/domain/relativePath.ts';
import { ensureAgentPolicy, replaceAgentPolicy } from './accessPolicy.ts';
import { type FilesAccess, type FilesAccount, openFilesAccounts } from './filesAccount.ts';
import { azureCodeOf, shareErrorOf } from './shareErrors.ts';
import { readListingPage } from './shareListing.ts';
import { makeSnapshot, readSnapshots, readUsage, removeSnapshot } from './shareUpkeep.ts';
import { ShareError, type ShareFileFacts, type Shares } from './shares.ts';

export type AzureSharesOptions = FilesAccess & {
  /** Where agents reach the shares, when it is not the connection string's endpoint. */
  readonly publicEndpoint?: string | undefined;
  readonly sasHours: number;
  readonly newId: () => string;
  /** For one call, its repetitions included; 60 s unless said otherwise. */
  readonly timeoutMs?: number;
};

/** `Shares` on Azure Files, or on what speaks its protocol. Throws for a connection string that it cannot use. */
export function openAzureShares(options: AzureSharesOptions): Shares {
  const accounts = openFilesAccounts(options, options.publicEndpoint);
  const timeoutMs = options.timeoutMs ?? 60_000;
  const call = async <T>(
    action: string,
    work: (signal: AbortSignal, account: FilesAccount) => Promise<T>,
  ): Promise<T> => {
    try {
      const account = await accounts.open();
      return await work(AbortSignal.timeout(timeoutMs), account);
    } catch (error) {
      const failure = shareErrorOf(error, action);
      // The key was rotated, perhaps: whoever comes next reads it anew.
      if (failure.kind === 'auth') accounts.forget();
      throw failure;
    }
  };
  /** What is done with one share. */
  const onShare = <T>(
    action: string,
    shareName: string,
    work: (share: ShareClient, signal: AbortSignal, account: FilesAccount) => Promise<T>,
  ): Promise<T> =>
    call(action, (signal, account) => work(account.service.getShareClient(shareName), signal, account));

  return {
    ensureShare: (shareName) =>
      onShare(`making share ${shareName}`, shareName, async (share, abortSignal) => {
        await share.createIfNotExists({ abortSignal });
        await ensureAgentPolicy(share, abortSignal);
      }),
    issueCredential: (shareName, now) =>
      onShare(`issuing access to share ${shareName}`, shareName, async (share, abortSignal, account) => {
        const policyId = await ensureAgentPolicy(share, abortSignal);
        return signCredential({ account, shareName, policyId, sasHours: options.sasHours, now });
      }),
    keyExchangedAt: accounts.usedSince,
    revokeCredentials: (shareName) =>
      onShare(`revoking access to share ${shareName}`, shareName, (share, abortSignal) =>
        replaceAgentPolicy(share, options.newId(), abortSignal),
      ),
    listPage: async (shareName, directory, marker) =>
      (await unlessMissing(
        onShare(`listing ${directory} of share ${shareName}`, shareName, (share, abortSignal) =>
          readListingPage(directoryOf(share, directory), directory, marker, abortSignal),
        ),
      )) ?? { entries: [], nextMarker: undefined },
    fileFacts: (shareName, path) =>
      unlessMissing(
        onShare(`looking at ${path} of share ${shareName}`, shareName, async (share, abortSignal) =>
          factsOf(await fileOf(share, path).getProperties({ abortSignal })),
        ),
      ),
    fileSha256: (shareName, path) =>
      unlessMissing(
        hashContent(`reading ${path} of share ${shareName}`, timeoutMs, async (abortSignal) => {
          const share = (await accounts.open()).service.getShareClient(shareName);
          const { readableStreamBody } = await fileOf(share, path).download(0, undefined, { abortSignal });
          return readableStreamBody;
        }),
      ),
    usage: (shareName) => onShare(`asking how full share ${shareName} is`, shareName, readUsage),
    listSnapshots: () =>
      call('listing snapshots', (abortSignal, account) => readSnapshots(account.service, abortSignal)),
    takeSnapshot: (shareName) => onShare(`taking a snapshot of share ${shareName}`, shareName, makeSnapshot),
    deleteSnapshot: ({ shareName, snapshot }) =>
      onShare(`deleting snapshot ${snapshot} of share ${shareName}`, shareName, (share, abortSignal) =>
        removeSnapshot(share, snapshot, abortSignal),
      ),
    ping: () =>
      call('asking the storage account', async (abortSignal, account) => {
        await account.service.getProperties({ abortSignal });
      }),
  };
}

function directoryOf(share: ShareClient, path: string): ShareDirectoryClient {
  return path === '' ? share.rootDirectoryClient : share.getDirectoryClient(path);
}

function fileOf(share: ShareClient, path: string): ShareFileClient {
  return directoryOf(share, folderOf(path)).getFileClient(nameOf(path));
}

function signCredential(parts: {
  readonly account: FilesAccount;
  readonly shareName: string;
  readonly policyId: string;
  readonly sasHours: number;
  readonly now: Date;
}): Credential {
  const { account, shareName, policyId } = parts;
  // A SAS names whole seconds; what is said to agents must not be later.
  const endMs = Math.floor((parts.now.getTime() + parts.sasHours * 3_600_000) / 1000) * 1000;
  const expiresOn = new Date(endMs);
  const protocol = account.publicUrl.startsWith('http:') ? SASProtocol.HttpsAndHttp : SASProtocol.Https;
  const values = { shareName, identifier: policyId, expiresOn, protocol };
  return {
    shareName,
    shareUrl: `${account.publicUrl}/${shareName}`,
    sas: generateFileSASQueryParameters(values, account.credential).toString(),
    expiresAt: expiresOn.toISOString(),
  };
}

/** What is not there is undefined; a share that is not there is an error, since files of it were expected. */
async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ShareError && error.kind === 'not_found' && !isShareMissing(error)) return undefined;
    throw error;
  }
}

function isShareMissing(error: ShareError): boolean {
  return azureCodeOf(error.cause) === 'ShareNotFound';
}

interface FileProperties {
  readonly contentLength?: number | undefined;
  readonly fileAttributes?: string | undefined;
  readonly fileLastWriteOn?: Date | undefined;
  readonly lastModified?: Date | undefined;
  readonly etag?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

function factsOf(properties: FileProperties): ShareFileFacts {
  const { contentLength, lastModified, etag } = properties;
  if (contentLength === undefined || lastModified === undefined || etag === undefined)
    throw new ShareError('permanent', 'A file was described without size, time or ETag; wanted: all three');
  const metadata = Object.entries(properties.metadata ?? {}).map(([key, value]) => [
    key.toLowerCase(),
    value,
  ]);
  return {
    sizeBytes: contentLength,
    attributes: properties.fileAttributes ?? '',
    lastWriteAt: properties.fileLastWriteOn,
    lastModifiedAt: lastModified,
    etag,
    metadata: Object.fromEntries(metadata) as Record<string, string>,
  };
}

/** Holds one chunk at a time; gives up when nothing comes for `idleMs`, however long the whole takes. */
async function hashContent(
  action: string,
  idleMs: number,
  open: (signal: AbortSignal) => Promise<NodeJS.ReadableStream | undefined>,
): Promise<string> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), idleMs);
  try {
    const content = await open(silence.signal);
    if (content === undefined) throw new ShareError('permanent', `${action}: no content came`);
    const hash = createHash('sha256');
    for await (const chunk of content) {
      timer.refresh();
      hash.update(chunk);
    }
    return hash.digest('hex');
  } catch (error) {
    throw shareErrorOf(error, action);
  } finally {
    clearTimeout(timer);
  }
}
