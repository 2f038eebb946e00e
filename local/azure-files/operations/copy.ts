import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesError } from '../errors.ts';
import { MAX_RANGE_BYTES } from '../http/body.ts';
import { attributesOf, metadataOf, parseRange, requiredRange, timeOf } from '../http/headers.ts';
import type { Answer } from '../http/respond.ts';
import { header, isTrue, requiredHeader } from '../http/request.ts';
import { copyData, orShareFull, replaceData } from '../store/dataFile.ts';
import { diskNameOf, hasAttribute } from '../store/entry.ts';
import type { FileEntry } from '../store/entry.ts';
import { diskNameFor, OWN_PREFIX } from '../store/names.ts';
import { coveredBytes } from '../store/ranges.ts';
import type { Share } from '../store/share.ts';
import { pathOf, refuseSnapshot, requirePermission, shareOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkFileLease } from './fileLease.ts';
import { permissionKeyOf } from './permissions.ts';
import { changeRange } from './ranges.ts';
import { stampHeaders } from './shares.ts';
import { onSourceFile, readSource, sourceOf } from './source.ts';
import type { Source } from './source.ts';

/** Copy File: from this server, whole, done when it answers. */
export async function copyFile(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  const source = sourceOf(context, 'x-ms-copy-source', 'r');
  // Beside the tree first: holding source and target at once could make two copies wait for each other.
  const fetched = join(share.folder, `${OWN_PREFIX}.copying-${randomUUID()}`);
  try {
    const original = await orShareFull(() => fetchSource(source, fetched));
    return await share.onFile(path, 'exclusive', () =>
      placeCopy({ context, share, path, source, original, fetched }),
    );
  } finally {
    await rm(fetched, { force: true });
  }
}

function fetchSource(source: Source, fetched: string): Promise<FileEntry> {
  return onSourceFile(source, async (dataPath, entry) => {
    await copyData(dataPath, fetched);
    return entry;
  });
}

interface Copy {
  readonly context: OperationContext;
  readonly share: Share;
  readonly path: readonly string[];
  readonly source: Source;
  readonly original: FileEntry;
  readonly fetched: string;
}

async function placeCopy(copy: Copy): Promise<Answer> {
  const { context, share, path, original, fetched } = copy;
  const parent = share.tree.parent(path);
  const present = parent.get(path.at(-1) ?? '');
  if (present !== undefined && present.kind !== 'file') throw new FilesError('ResourceTypeMismatch');
  if (present !== undefined) {
    requirePermission(context, 'w');
    checkFileLease(context.request, present, 'write');
    const ignoreReadOnly = isTrue(context.request, 'x-ms-file-copy-ignore-readonly');
    if (hasAttribute(present, 'ReadOnly') && !ignoreReadOnly) throw new FilesError('ReadOnlyAttribute');
  }
  const moreBytes = coveredBytes(original.written) - coveredBytes(present?.written ?? []);
  share.checkRoom(moreBytes);
  const entry = copiedEntry(copy, present);
  await replaceData({
    directory: parent,
    entry,
    synced: share.synced,
    fill: (target) => rename(fetched, target),
  });
  share.addUsedBytes(moreBytes);
  return {
    status: 202,
    headers: {
      ...stampHeaders({ time: entry.lastModified, etag: entry.etag }),
      'x-ms-copy-id': entry.copy?.id,
      'x-ms-copy-status': 'success',
    },
  };
}

function copiedEntry(
  { context, share, path, source, original }: Copy,
  present: FileEntry | undefined,
): FileEntry {
  const { request, stamps } = context;
  const stamp = stamps.next();
  const name = present?.name ?? path.at(-1) ?? '';
  const diskName = present === undefined ? diskNameFor(name) : diskNameOf(present);
  const metadata = metadataOf(request) ?? original.metadata;
  const permissionKey = permissionKeyOf(context, share);
  const fromSource = header(request, 'x-ms-file-attributes')?.toLowerCase() === 'source';
  const times = (keep: string) => ({ now: stamp.time, keep, otherwise: stamp.time });
  return {
    kind: 'file',
    name,
    ...(diskName === name ? {} : { diskName }),
    id: stamps.uniqueId(),
    etag: stamp.etag,
    lastModified: stamp.time,
    attributes: fromSource ? original.attributes : (attributesOf(request, 'file') ?? 'Archive'),
    created: timeOf(request, 'x-ms-file-creation-time', times(original.created)),
    lastWritten: timeOf(request, 'x-ms-file-last-write-time', times(original.lastWritten)),
    changed: timeOf(request, 'x-ms-file-change-time', times(original.changed)),
    sizeBytes: original.sizeBytes,
    written: original.written,
    ...(metadata === undefined ? {} : { metadata }),
    ...(original.headers === undefined ? {} : { headers: original.headers }),
    ...(permissionKey === undefined ? {} : { permissionKey }),
    ...(present?.leaseId === undefined ? {} : { leaseId: present.leaseId }),
    copy: { id: randomUUID(), source: source.url, completedAt: stamp.time, sizeBytes: original.sizeBytes },
  };
}

/** Abort Copy File: a copy is done when it is answered, so there is never one to abort. */
export async function abortCopy(context: OperationContext): Promise<Answer> {
  shareOf(context).tree.file(pathOf(context));
  throw new FilesError('NoPendingCopyOperation');
}

/** Put Range from URL: up to 4 MiB from another file of this server. */
export async function putRangeFromUrl(context: OperationContext): Promise<Answer> {
  const { request } = context;
  const range = requiredRange(request);
  const from = parseRange('x-ms-source-range', requiredHeader(request, 'x-ms-source-range'));
  const length = range.end - range.start;
  if (length > MAX_RANGE_BYTES) throw new FilesError('OutOfRangeInput');
  if (from.end === undefined || from.end - from.start !== length) throw new FilesError('InvalidInput');
  const source = sourceOf(context, 'x-ms-copy-source', 'r');
  const content = await readSource(source, from.start, from.end);
  return changeRange(context, range, content);
}
