import { FilesError, invalidHeader } from '../errors.ts';
import { metadataHeaders, metadataOf, numberHeader } from '../http/headers.ts';
import { xmlAnswer } from '../http/respond.ts';
import type { Answer } from '../http/respond.ts';
import { header, requiredHeader } from '../http/request.ts';
import { checkShareName } from '../store/names.ts';
import type { ShareRecord } from '../store/shareRecord.ts';
import { toHttpDate } from '../store/stamps.ts';
import type { Stamp } from '../store/stamps.ts';
import { element, wrap } from '../xml.ts';
import { shareOf, snapshotOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkShareLease, leaseHeaders } from './shareLease.ts';
import { deleteSnapshot } from './shareSnapshots.ts';

const DEFAULT_QUOTA_GIB = 5120;
const MAX_QUOTA_GIB = 102_400;
const ACCESS_TIERS = ['TransactionOptimized', 'Hot', 'Cool', 'Premium'];

/** Create Share. */
export async function createShare({ request, store, stamps }: OperationContext): Promise<Answer> {
  const name = checkShareName(request.address.share ?? '');
  const stamp = stamps.next();
  const record: ShareRecord = {
    name,
    version: stamp.etag.slice(3, -1).padStart(16, '0'),
    etag: stamp.etag,
    lastModified: stamp.time,
    quotaGiB: quotaOf(request) ?? DEFAULT_QUOTA_GIB,
    metadata: metadataOf(request) ?? {},
    accessTier: accessTierOf(request) ?? 'TransactionOptimized',
    accessTierChangedAt: stamp.time,
    policies: [],
    permissions: [],
    snapshots: [],
    root: store.newRoot(),
  };
  store.create(request.address.account, record);
  return { status: 201, headers: stampHeaders(stamp) };
}

/** Get Share Properties, Get Share Metadata; also of a snapshot. */
export async function getShare(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const time = snapshotOf(context);
  const { record } = share;
  const shown = time === undefined ? record : share.snapshot(time);
  return {
    status: 200,
    headers: {
      ...metadataHeaders(shown.metadata),
      ...stampHeaders({ time: shown.lastModified, etag: shown.etag }),
      'x-ms-share-quota': shown.quotaGiB,
      'x-ms-access-tier': record.accessTier,
      'x-ms-access-tier-change-time': toHttpDate(record.accessTierChangedAt),
      'x-ms-enabled-protocols': 'SMB',
      ...(time === undefined ? leaseHeaders(record, context.stamps.now()) : {}),
    },
  };
}

/** Set Share Properties: quota and tier. */
export async function setShareProperties(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  checkShareLease(context, share.record, 'optional');
  const stamp = context.stamps.next();
  const tier = accessTierOf(context.request);
  share.update({
    etag: stamp.etag,
    lastModified: stamp.time,
    quotaGiB: quotaOf(context.request) ?? share.record.quotaGiB,
    ...(tier === undefined ? {} : { accessTier: tier, accessTierChangedAt: stamp.time }),
  });
  return { status: 200, headers: stampHeaders(stamp) };
}

/** Set Share Metadata: replaces all of it. */
export async function setShareMetadata(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  checkShareLease(context, share.record, 'optional');
  const stamp = context.stamps.next();
  share.update({
    etag: stamp.etag,
    lastModified: stamp.time,
    metadata: metadataOf(context.request) ?? {},
  });
  return { status: 200, headers: stampHeaders(stamp) };
}

/** Get Share Stats: the bytes written to its files. */
export async function getShareStats(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const { etag, lastModified } = share.record;
  return xmlAnswer(
    wrap('ShareStats', element('ShareUsageBytes', share.usedBytes)),
    stampHeaders({ time: lastModified, etag }),
  );
}

/** Delete Share, or one of its snapshots. */
export async function deleteShare(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const time = snapshotOf(context);
  if (time !== undefined) return deleteSnapshot(share, time);
  await share.onPaths('exclusive', () => {
    checkShareLease(context, share.record, 'required');
    const withSnapshots = header(context.request, 'x-ms-delete-snapshots');
    if (withSnapshots !== undefined && !/^include(?:-leased)?$/.test(withSnapshots)) {
      throw invalidHeader('x-ms-delete-snapshots', withSnapshots);
    }
    if (share.record.snapshots.length > 0 && withSnapshots === undefined)
      throw new FilesError('ShareHasSnapshots');
    context.store.delete(context.request.address.account, share, context.stamps.next().time);
  });
  return { status: 202 };
}

/** Restore Share. */
export async function undeleteShare({ request, store }: OperationContext): Promise<Answer> {
  const share = store.undelete(
    request.address.account,
    requiredHeader(request, 'x-ms-deleted-share-name'),
    requiredHeader(request, 'x-ms-deleted-share-version'),
  );
  return {
    status: 201,
    headers: stampHeaders({ time: share.record.lastModified, etag: share.record.etag }),
  };
}

/** ETag and Last-Modified. */
export function stampHeaders({ time, etag }: Stamp): Record<string, string> {
  return { ETag: etag, 'Last-Modified': toHttpDate(time) };
}

function quotaOf(request: OperationContext['request']): number | undefined {
  const quota = numberHeader(request, 'x-ms-share-quota');
  if (quota !== undefined && (quota < 1 || quota > MAX_QUOTA_GIB)) {
    throw invalidHeader('x-ms-share-quota', String(quota));
  }
  return quota;
}

function accessTierOf(request: OperationContext['request']): string | undefined {
  const tier = header(request, 'x-ms-access-tier');
  if (tier !== undefined && !ACCESS_TIERS.includes(tier)) throw invalidHeader('x-ms-access-tier', tier);
  return tier;
}
