import type { ShareClient, ShareServiceClient } from '@azure/storage-file-share';
import type { ShareSnapshot, ShareUsage } from './shares.ts';

const GIB = 1024 ** 3;
/** Marks the snapshots that this platform took, by metadata of their own. */
const OURS = { takenby: 'datasync' } as const;

export async function readUsage(share: ShareClient, abortSignal: AbortSignal): Promise<ShareUsage> {
  const [statistics, properties] = await Promise.all([
    share.getStatistics({ abortSignal }),
    share.getProperties({ abortSignal }),
  ]);
  return { usedBytes: statistics.shareUsageBytes, quotaBytes: (properties.quota ?? 0) * GIB };
}

export async function readSnapshots(
  service: ShareServiceClient,
  abortSignal: AbortSignal,
): Promise<ShareSnapshot[]> {
  const snapshots: ShareSnapshot[] = [];
  const listed = service.listShares({ includeSnapshots: true, includeMetadata: true, abortSignal });
  for await (const { name: shareName, snapshot, metadata } of listed) {
    if (snapshot === undefined) continue;
    const isOurs = metadata?.['takenby'] === OURS.takenby;
    snapshots.push({ shareName, snapshot, takenAt: new Date(snapshot), isOurs });
  }
  return snapshots.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
}

export async function makeSnapshot(share: ShareClient, abortSignal: AbortSignal): Promise<void> {
  await share.createSnapshot({ metadata: { ...OURS }, abortSignal });
}

/** Names the snapshot in every request: without one the share itself would be meant. */
export async function removeSnapshot(
  share: ShareClient,
  snapshot: string,
  abortSignal: AbortSignal,
): Promise<void> {
  if (!/^\d{4}-\d{2}-\d{2}T/.test(snapshot))
    throw new TypeError(`Deleting snapshot ${snapshot} was refused: wanted the time at which it was taken`);
  await share.withSnapshot(snapshot).deleteIfExists({ abortSignal });
}
