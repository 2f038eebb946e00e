import { randomUUID } from 'node:crypto';
import { FilesError, invalidHeader } from '../errors.ts';
import type { Answer } from '../http/respond.ts';
import { header, requiredHeader } from '../http/request.ts';
import { numberHeader } from '../http/headers.ts';
import type { ShareLease, ShareRecord } from '../store/shareRecord.ts';
import type { Share } from '../store/share.ts';
import { refuseSnapshot, shareOf } from './context.ts';
import type { OperationContext } from './context.ts';

const MIN_SECONDS = 15;
const MAX_SECONDS = 60;

interface LeaseView {
  readonly status: 'locked' | 'unlocked';
  readonly state: 'available' | 'leased' | 'expired' | 'breaking' | 'broken';
  readonly duration: 'infinite' | 'fixed' | undefined;
}

/** A share's lease as it stands now: time alone ends a fixed one, and a break that waits. */
export function leaseView(record: ShareRecord, nowMs: number): LeaseView {
  const { lease } = record;
  if (lease === undefined) return { status: 'unlocked', state: 'available', duration: undefined };
  const ended = lease.endsAtMs !== undefined && nowMs >= lease.endsAtMs;
  if (lease.state === 'broken' || (lease.state === 'breaking' && ended)) {
    return { status: 'unlocked', state: 'broken', duration: undefined };
  }
  if (ended) return { status: 'unlocked', state: 'expired', duration: undefined };
  return {
    status: 'locked',
    state: lease.state,
    duration: lease.durationSeconds === -1 ? 'infinite' : 'fixed',
  };
}

export function leaseHeaders(record: ShareRecord, nowMs: number): Record<string, string | undefined> {
  const { status, state, duration } = leaseView(record, nowMs);
  return { 'x-ms-lease-status': status, 'x-ms-lease-state': state, 'x-ms-lease-duration': duration };
}

/**
 * Whether an operation may go on although the share is leased. Deleting needs the lease id (`required`), setting
 * properties takes it into account only when the request names one (`optional`).
 */
export function checkShareLease(
  { request, stamps }: OperationContext,
  record: ShareRecord,
  need: 'required' | 'optional',
): void {
  const given = header(request, 'x-ms-lease-id');
  const isLocked = leaseView(record, stamps.now()).status === 'locked';
  if (given === undefined && isLocked && need === 'required') throw new FilesError('LeaseIdMissing');
  if (given === undefined) return;
  if (!isLocked) throw new FilesError('LeaseNotPresentWithShareOperation');
  if (record.lease?.id !== given.toLowerCase()) throw new FilesError('LeaseIdMismatchWithShareOperation');
}

/** Lease Share. */
export async function leaseShare(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const action = requiredHeader(context.request, 'x-ms-lease-action').toLowerCase();
  const run = ACTIONS[action];
  if (run === undefined) throw invalidHeader('x-ms-lease-action', action);
  return run(context, share);
}

const ACTIONS: Readonly<Record<string, (context: OperationContext, share: Share) => Answer>> = {
  acquire: (context, share) => {
    const id = proposedId(context) ?? randomUUID();
    const held = leaseView(share.record, context.stamps.now()).status === 'locked';
    if (held && share.record.lease?.id !== id) throw new FilesError('LeaseAlreadyPresent');
    return answer(share, startLease(context, id, durationOf(context)), 201);
  },
  renew: (context, share) => {
    const lease = ownLease(context, share);
    return answer(share, startLease(context, lease.id, lease.durationSeconds), 200);
  },
  change: (context, share) => {
    const lease = ownLease(context, share);
    const id = proposedId(context);
    if (id === undefined) throw invalidHeader('x-ms-proposed-lease-id', '');
    return answer(share, { ...lease, id }, 200);
  },
  release: (context, share) => {
    ownLease(context, share);
    return answer(share, undefined, 200);
  },
  break: breakLease,
};

function breakLease(context: OperationContext, share: Share): Answer {
  const { lease } = share.record;
  if (lease === undefined) throw new FilesError('LeaseNotPresentWithLeaseOperation');
  const now = context.stamps.now();
  const leftMs = lease.endsAtMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, lease.endsAtMs - now);
  const asked = numberHeader(context.request, 'x-ms-lease-break-period');
  const askedMs = asked === undefined ? Number.POSITIVE_INFINITY : asked * 1000;
  const waitMs = lease.durationSeconds === -1 && asked === undefined ? 0 : Math.min(leftMs, askedMs);
  const broken: ShareLease =
    waitMs === 0 ? { ...lease, state: 'broken' } : { ...lease, state: 'breaking', endsAtMs: now + waitMs };
  return answer(share, broken, 202, { 'x-ms-lease-time': String(Math.ceil(waitMs / 1000)) });
}

function ownLease(context: OperationContext, share: Share): ShareLease {
  const { lease } = share.record;
  if (lease === undefined) throw new FilesError('LeaseNotPresentWithLeaseOperation');
  if (requiredHeader(context.request, 'x-ms-lease-id').toLowerCase() !== lease.id) {
    throw new FilesError('LeaseIdMismatchWithLeaseOperation');
  }
  return lease;
}

function startLease({ stamps }: OperationContext, id: string, durationSeconds: number): ShareLease {
  const endsAtMs = durationSeconds === -1 ? {} : { endsAtMs: stamps.now() + durationSeconds * 1000 };
  return { id, durationSeconds, state: 'leased', ...endsAtMs };
}

function durationOf({ request }: OperationContext): number {
  const text = requiredHeader(request, 'x-ms-lease-duration');
  const seconds = Number(text);
  if (seconds === -1 || (seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) return seconds;
  throw invalidHeader('x-ms-lease-duration', text);
}

/** The id a client proposes for its lease. @throws FilesError InvalidHeaderValue when it is no GUID */
export function proposedId({ request }: OperationContext): string | undefined {
  const id = header(request, 'x-ms-proposed-lease-id')?.toLowerCase();
  if (id !== undefined && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw invalidHeader('x-ms-proposed-lease-id', id);
  }
  return id;
}

function answer(
  share: Share,
  lease: ShareLease | undefined,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const { lease: _, ...rest } = share.record;
  share.replaceRecord(lease === undefined ? rest : { ...rest, lease });
  return {
    status,
    headers: {
      ETag: share.record.etag,
      'Last-Modified': new Date(share.record.lastModified).toUTCString(),
      'x-ms-lease-id': lease?.id,
      ...headers,
    },
  };
}
