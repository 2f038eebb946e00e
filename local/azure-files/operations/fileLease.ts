import { randomUUID } from 'node:crypto';
import { FilesError, invalidHeader } from '../errors.ts';
import type { Answer } from '../http/respond.ts';
import { header, requiredHeader } from '../http/request.ts';
import type { FilesRequest } from '../http/request.ts';
import type { FileEntry } from '../store/entry.ts';
import { pathOf, refuseSnapshot, shareOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { proposedId } from './shareLease.ts';
import { stampHeaders } from './shares.ts';

/**
 * Whether a request may go on although the file is leased: a write must name the lease, a read only may.
 * @throws FilesError LeaseIdMissing and its kin
 */
export function checkFileLease(
  request: FilesRequest,
  entry: FileEntry,
  use: 'read' | 'write',
  headerName = 'x-ms-lease-id',
): void {
  const given = header(request, headerName)?.toLowerCase();
  if (given === undefined) {
    if (use === 'write' && entry.leaseId !== undefined) throw new FilesError('LeaseIdMissing');
    return;
  }
  if (entry.leaseId === undefined) throw new FilesError('LeaseNotPresentWithFileOperation');
  if (entry.leaseId !== given) throw new FilesError('LeaseIdMismatchWithFileOperation');
}

export function fileLeaseHeaders(entry: FileEntry): Record<string, string> {
  if (entry.leaseId === undefined)
    return { 'x-ms-lease-status': 'unlocked', 'x-ms-lease-state': 'available' };
  return { 'x-ms-lease-status': 'locked', 'x-ms-lease-state': 'leased', 'x-ms-lease-duration': 'infinite' };
}

interface LeaseStep {
  readonly status: number;
  /** The lease after the step; undefined ends it. */
  readonly leaseId: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Lease File: acquire (infinite only), change, release, break. A lease does not alter ETag or times. */
export async function leaseFile(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  const action = requiredHeader(context.request, 'x-ms-lease-action').toLowerCase();
  return share.onFile(path, 'exclusive', async () => {
    const { parent, entry } = share.tree.file(path);
    const step = takeStep(context, entry, action);
    const { leaseId: _, ...rest } = entry;
    parent.put(step.leaseId === undefined ? rest : { ...rest, leaseId: step.leaseId });
    await parent.settle();
    return {
      status: step.status,
      headers: {
        ...stampHeaders({ time: entry.lastModified, etag: entry.etag }),
        'x-ms-lease-id': step.leaseId,
        ...step.headers,
      },
    };
  });
}

function takeStep(context: OperationContext, entry: FileEntry, action: string): LeaseStep {
  const proposed = proposedId(context);
  switch (action) {
    case 'acquire':
      return acquire(context, entry, proposed);
    case 'change':
      if (proposed === undefined) throw invalidHeader('x-ms-proposed-lease-id', '');
      if (entry.leaseId !== proposed) checkOwner(context, entry);
      return { status: 200, leaseId: proposed };
    case 'release':
      checkOwner(context, entry);
      return { status: 200, leaseId: undefined };
    case 'break':
      if (entry.leaseId === undefined) throw new FilesError('LeaseNotPresentWithLeaseOperation');
      if (header(context.request, 'x-ms-lease-id') !== undefined) checkOwner(context, entry);
      return { status: 202, leaseId: undefined, headers: { 'x-ms-lease-time': '0' } };
    default:
      throw invalidHeader('x-ms-lease-action', action);
  }
}

function acquire({ request }: OperationContext, entry: FileEntry, proposed: string | undefined): LeaseStep {
  const duration = header(request, 'x-ms-lease-duration') ?? '-1';
  if (duration !== '-1') throw invalidHeader('x-ms-lease-duration', duration);
  if (entry.leaseId !== undefined && entry.leaseId !== proposed) throw new FilesError('LeaseAlreadyPresent');
  return { status: 201, leaseId: proposed ?? randomUUID() };
}

function checkOwner({ request }: OperationContext, entry: FileEntry): void {
  if (entry.leaseId === undefined) throw new FilesError('LeaseNotPresentWithLeaseOperation');
  if (requiredHeader(request, 'x-ms-lease-id').toLowerCase() !== entry.leaseId) {
    throw new FilesError('LeaseIdMismatchWithLeaseOperation');
  }
}
