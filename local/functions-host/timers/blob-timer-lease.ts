import { BlobServiceClient, RestError } from '@azure/storage-blob';
import type { BlockBlobClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { Log } from '../../log.ts';
import type { HeldTimerLease, TimerLease, TimerStatus } from './timer-lease.ts';

export interface BlobTimerLeaseOptions {
  readonly connectionString: string;
  readonly log: Log;
  /** 15 to 60 (Azure's bounds of a blob lease); default 60. How long a timer rests after its host was killed in a run. */
  readonly leaseSeconds?: number;
}

/** Where Azure's own host keeps the same. */
const containerName = 'azure-webjobs-hosts';

/**
 * Timer leases and statuses as blobs, one a timer: the lease lies on the status itself, so that the storage refuses
 * a status from a host whose lease has gone to another.
 */
export function blobTimerLease(options: BlobTimerLeaseOptions): TimerLease {
  const { connectionString, log, leaseSeconds = 60 } = options;
  const container =
    BlobServiceClient.fromConnectionString(connectionString).getContainerClient(containerName);
  return {
    acquire: async (timerName) => {
      const blob = container.getBlockBlobClient(`timers/${timerName}/status`);
      const leaseId = await acquireLease(blob, leaseSeconds, async () => {
        await container.createIfNotExists();
        await createEmpty(blob);
      });
      if (leaseId === undefined) return undefined;
      const stopRenewing = keepRenewing({ blob, leaseId, leaseSeconds, timerName, log });
      try {
        return heldLease({ blob, leaseId, stopRenewing, status: await readStatus(blob) });
      } catch (error) {
        // Not kept for want of a status: it runs out by itself, and the tick is looked at again.
        stopRenewing();
        throw error;
      }
    },
  };
}

async function acquireLease(
  blob: BlockBlobClient,
  leaseSeconds: number,
  create: () => Promise<void>,
): Promise<string | undefined> {
  try {
    const { leaseId } = await blob.getBlobLeaseClient().acquireLease(leaseSeconds);
    return leaseId;
  } catch (error) {
    if (isAnswer(error, 409, 'LeaseAlreadyPresent')) return undefined;
    if (!isAnswer(error, 404)) throw error;
    await create();
    return acquireLease(blob, leaseSeconds, async () => {
      throw error;
    });
  }
}

async function createEmpty(blob: BlockBlobClient): Promise<void> {
  try {
    await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } });
  } catch (error) {
    // Another host was first (412 when its lease is on already): its blob serves as well.
    if (!isAnswer(error, 409) && !isAnswer(error, 412)) throw error;
  }
}

const storedStatus = z.object({
  last: z.iso.datetime().nullable(),
  next: z.iso.datetime(),
  lastUpdated: z.iso.datetime(),
});

async function readStatus(blob: BlockBlobClient): Promise<TimerStatus | undefined> {
  return fromStored((await blob.downloadToBuffer()).toString());
}

/** Undefined for what is no status: a timer is better begun anew than stopped by a broken record. */
function fromStored(text: string): TimerStatus | undefined {
  const stored = storedStatus.safeParse(parseJson(text));
  if (!stored.success) return undefined;
  const { last, next, lastUpdated } = stored.data;
  return {
    lastMs: last === null ? undefined : Date.parse(last),
    nextMs: Date.parse(next),
    updatedMs: Date.parse(lastUpdated),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toStored({ lastMs, nextMs, updatedMs }: TimerStatus): string {
  const stored: z.infer<typeof storedStatus> = {
    last: lastMs === undefined ? null : new Date(lastMs).toISOString(),
    next: new Date(nextMs).toISOString(),
    lastUpdated: new Date(updatedMs).toISOString(),
  };
  return JSON.stringify(stored);
}

interface Lease {
  readonly blob: BlockBlobClient;
  readonly leaseId: string;
}

function heldLease(
  lease: Lease & { stopRenewing: () => void; status: TimerStatus | undefined },
): HeldTimerLease {
  const { blob, leaseId, stopRenewing, status } = lease;
  return {
    status,
    writeStatus: async (written) => {
      const text = toStored(written);
      await blob.upload(text, Buffer.byteLength(text), { conditions: { leaseId } });
    },
    release: async () => {
      stopRenewing();
      await blob.getBlobLeaseClient(leaseId).releaseLease();
    },
  };
}

/** Three renewals fall into one lease, so that two may fail. */
function keepRenewing(lease: Lease & { leaseSeconds: number; timerName: string; log: Log }): () => void {
  const { blob, leaseId, leaseSeconds, timerName, log } = lease;
  const client = blob.getBlobLeaseClient(leaseId);
  const timer = setInterval(
    () => {
      client.renewLease().catch((error: unknown) => {
        log('warning', 'The lease of a running timer could not be renewed.', {
          functionName: timerName,
          error,
        });
      });
    },
    (leaseSeconds * 1000) / 3,
  );
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

function isAnswer(error: unknown, statusCode: number, code?: string): boolean {
  return (
    error instanceof RestError &&
    error.statusCode === statusCode &&
    (code === undefined || error.code === code)
  );
}
