import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BlobServiceClient, type BlockBlobClient, RestError } from '@azure/storage-blob';
import { identityCredential } from '../../platform/identityCredential.ts';
import { endpointOf, type StorageAccess } from '../../platform/storageAccess.ts';
import { noWatchState, watchState, type WatchState } from './watchState.ts';

const CONTAINER = 'datasync-platform';
const BLOB = 'database-watch.json';
/** Azure's longest; whoever holds it must be done well before. */
const LEASE_SECONDS = 60;
const retryOptions = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 2000, tryTimeoutInMs: 5000 };

/** The state of the watch as a blob of the host's storage account; its lease decides between hosts. */
export interface WatchBlob {
  /** What was saved last; nothing yet, or what cannot be read, is `noWatchState`. */
  read(): Promise<WatchState>;
  /**
   * Runs `work` while no other host can; undefined, without running it, when another one does. `save` fails once the
   * lease is lost: nothing of a host that was too slow overwrites its successor's. A host that dies holds it for 60 s at most.
   */
  hold<T>(
    work: (state: WatchState, save: (state: WatchState) => Promise<void>) => Promise<T>,
  ): Promise<T | undefined>;
}

export function openWatchBlob(access: StorageAccess): WatchBlob {
  const service = serviceOf(access);
  const container = service.getContainerClient(CONTAINER);
  const blob = container.getBlockBlobClient(BLOB);
  return {
    read: () => read(blob),
    hold: async (work) => {
      const leaseId = await acquire(blob, async () => {
        await container.createIfNotExists();
        await createEmpty(blob);
      });
      if (leaseId === undefined) return undefined;
      try {
        return await work(await read(blob), async (state) => {
          const text = JSON.stringify(state);
          await blob.upload(text, Buffer.byteLength(text), { conditions: { leaseId } });
        });
      } finally {
        await release(blob, leaseId);
      }
    },
  };
}

function serviceOf(access: StorageAccess): BlobServiceClient {
  if ('connectionString' in access)
    return BlobServiceClient.fromConnectionString(access.connectionString, { retryOptions });
  const { accountName, clientId } = access;
  return new BlobServiceClient(endpointOf(accountName, 'blob'), identityCredential(clientId), {
    retryOptions,
  });
}

async function acquire(blob: BlockBlobClient, create: () => Promise<void>): Promise<string | undefined> {
  const lease = blob.getBlobLeaseClient();
  try {
    return (await lease.acquireLease(LEASE_SECONDS)).leaseId;
  } catch (error) {
    if (isStatus(error, 409)) return undefined;
    if (!isStatus(error, 404)) throw error;
  }
  await create();
  try {
    return (await lease.acquireLease(LEASE_SECONDS)).leaseId;
  } catch (error) {
    if (isStatus(error, 409)) return undefined;
    throw error;
  }
}

/** Another host may be first (412 when it holds the lease already): its blob serves as well. */
async function createEmpty(blob: BlockBlobClient): Promise<void> {
  try {
    await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } });
  } catch (error) {
    if (!isStatus(error, 409) && !isStatus(error, 412)) throw error;
  }
}

/** A lease that ran out meanwhile, or went to another host, needs no release. */
async function release(blob: BlockBlobClient, leaseId: string): Promise<void> {
  try {
    await blob.getBlobLeaseClient(leaseId).releaseLease();
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
  }
}

async function read(blob: BlockBlobClient): Promise<WatchState> {
  try {
    // One request: a download that asks for the length first takes a part of what another host saves in between.
    const { readableStreamBody } = await blob.download();
    const parsed = watchState.safeParse(parseJson(await text(readableStreamBody ?? Readable.from([]))));
    return parsed.success ? parsed.data : noWatchState;
  } catch (error) {
    if (isStatus(error, 404)) return noWatchState;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStatus(error: unknown, statusCode: number): boolean {
  return error instanceof RestError && error.statusCode === statusCode;
}
