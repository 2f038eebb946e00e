import { rm } from 'node:fs/promises';
import { FilesError } from '../errors.ts';
import { metadataOf } from '../http/headers.ts';
import type { Answer } from '../http/respond.ts';
import type { Share } from '../store/share.ts';
import { MAX_SNAPSHOTS } from '../store/shareRecord.ts';
import { buildSnapshot, snapshotFolder } from '../store/snapshots.ts';
import { toHttpDate } from '../store/stamps.ts';
import { shareOf } from './context.ts';
import type { OperationContext } from './context.ts';

/** Snapshot Share: a read-only picture of all files, from one moment. */
export async function createSnapshot(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  return share.onPaths('exclusive', async () => {
    const { record } = share;
    if (record.snapshots.length >= MAX_SNAPSHOTS) throw new FilesError('ShareSnapshotCountExceeded');
    const { etag } = context.stamps.next();
    const time = unusedTime(share, context.stamps.now());
    await buildSnapshot(share, time);
    const snapshot = {
      time,
      etag,
      lastModified: record.lastModified,
      quotaGiB: record.quotaGiB,
      metadata: metadataOf(context.request) ?? record.metadata,
      root: record.root,
    };
    share.update({ snapshots: [...record.snapshots, snapshot] });
    return {
      status: 201,
      headers: { 'x-ms-snapshot': time, ETag: etag, 'Last-Modified': toHttpDate(record.lastModified) },
    };
  });
}

/** The time is the snapshot's name: two in one millisecond differ in the decimals below. */
function unusedTime(share: Share, nowMs: number): string {
  const taken = new Set(share.record.snapshots.map((snapshot) => snapshot.time));
  const toMilliseconds = new Date(nowMs).toISOString().slice(0, -1);
  for (let ticks = 0; ; ticks += 1) {
    const time = `${toMilliseconds}${String(ticks).padStart(4, '0')}Z`;
    if (!taken.has(time)) return time;
  }
}

/** Deletes one snapshot: the record first, so that a crash leaves at worst a folder that nobody can reach. */
export async function deleteSnapshot(share: Share, time: string): Promise<Answer> {
  await share.onPaths('exclusive', async () => {
    const found = share.snapshot(time);
    share.update({ snapshots: share.record.snapshots.filter((snapshot) => snapshot !== found) });
    const folder = snapshotFolder(share.folder, found.time);
    share.tree.forget(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return { status: 202 };
}
