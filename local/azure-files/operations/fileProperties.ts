import { open } from 'node:fs/promises';
import { metadataHeaders, metadataOf, contentHeadersOf, numberHeader } from '../http/headers.ts';
import type { Answer } from '../http/respond.ts';
import { growFile, orShareFull } from '../store/dataFile.ts';
import type { Directory } from '../store/directory.ts';
import type { FileEntry } from '../store/entry.ts';
import { clipRanges, coveredBytes } from '../store/ranges.ts';
import type { Share } from '../store/share.ts';
import { toHttpDate } from '../store/stamps.ts';
import { pathOf, refuseSnapshot, shareOf, treeOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkFileLease, fileLeaseHeaders } from './fileLease.ts';
import { refuseReadOnly } from './files.ts';
import { permissionKeyOf } from './permissions.ts';
import { stampHeaders } from './shares.ts';
import { changedProperties, entryHeaders, parentIdOf } from './smbProperties.ts';
import { unshareData } from './unshare.ts';

/** Get File Properties, Get File Metadata; also of a snapshot. */
export async function getFileProperties(context: OperationContext): Promise<Answer> {
  const path = pathOf(context);
  return shareOf(context).onPaths('shared', () => {
    const tree = treeOf(context);
    const { entry } = tree.file(path);
    checkFileLease(context.request, entry, 'read');
    return {
      status: 200,
      headers: {
        ...describeFile(entry, parentIdOf(tree, path)),
        'Content-Length': entry.sizeBytes,
        'Content-MD5': entry.headers?.contentMd5,
      },
    };
  });
}

/** The headers that Get File and Get File Properties share. */
export function describeFile(entry: FileEntry, parentId: string): Record<string, string | undefined> {
  const { headers, copy } = entry;
  return {
    ...metadataHeaders(entry.metadata),
    ...entryHeaders(entry, parentId),
    ...fileLeaseHeaders(entry),
    'x-ms-type': 'File',
    'x-ms-server-encrypted': 'true',
    'Content-Type': headers?.contentType ?? 'application/octet-stream',
    'Content-Encoding': headers?.contentEncoding,
    'Content-Language': headers?.contentLanguage,
    'Cache-Control': headers?.cacheControl,
    'Content-Disposition': headers?.contentDisposition,
    ...(copy === undefined
      ? {}
      : {
          'x-ms-copy-id': copy.id,
          'x-ms-copy-status': 'success',
          'x-ms-copy-source': copy.source,
          'x-ms-copy-progress': `${copy.sizeBytes}/${copy.sizeBytes}`,
          'x-ms-copy-completion-time': toHttpDate(copy.completedAt),
        }),
  };
}

/** Set File Properties: content headers are replaced as a whole, attributes and times where given; may resize. */
export async function setFileProperties(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  const permissionKey = permissionKeyOf(context, share);
  const sizeBytes = numberHeader(context.request, 'x-ms-content-length');
  return share.onFile(path, 'exclusive', async () => {
    const { parent, entry } = share.tree.file(path);
    checkFileLease(context.request, entry, 'write');
    const stamp = context.stamps.next();
    const { headers: _, ...rest } = entry;
    const headers = contentHeadersOf(context.request);
    const changed: FileEntry = {
      ...rest,
      ...changedProperties(context.request, entry, stamp),
      etag: stamp.etag,
      lastModified: stamp.time,
      ...(headers === undefined ? {} : { headers }),
      ...(permissionKey === undefined ? {} : { permissionKey }),
    };
    if (sizeBytes === undefined || sizeBytes === entry.sizeBytes) parent.put(changed);
    else await resize(share, parent, changed, sizeBytes);
    await parent.settle();
    return {
      status: 200,
      headers: {
        ...entryHeaders(changed, parentIdOf(share.tree, path)),
        'x-ms-request-server-encrypted': 'true',
      },
    };
  });
}

/** The journal first when shrinking, the file first when growing: never does an entry promise bytes that are not there. */
async function resize(share: Share, parent: Directory, entry: FileEntry, sizeBytes: number): Promise<void> {
  refuseReadOnly(entry);
  const written = clipRanges(entry.written, 0, sizeBytes);
  const resized = { ...entry, sizeBytes, written };
  await unshareData(share, parent, entry);
  await orShareFull(async () => {
    const handle = await open(parent.pathOf(entry), 'r+');
    try {
      if (sizeBytes > entry.sizeBytes) await growFile(handle, entry.sizeBytes, sizeBytes);
      if (share.synced) await handle.sync();
      parent.put(resized);
      if (sizeBytes < entry.sizeBytes) await handle.truncate(sizeBytes);
    } finally {
      await handle.close();
    }
  });
  share.addUsedBytes(coveredBytes(written) - coveredBytes(entry.written));
}

/** Set File Metadata: replaces all of it. A read-only file keeps its content, so this is allowed on one. */
export async function setFileMetadata(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  return share.onFile(path, 'exclusive', async () => {
    const { parent, entry } = share.tree.file(path);
    checkFileLease(context.request, entry, 'write');
    const stamp = context.stamps.next();
    const { metadata: _, ...rest } = entry;
    const metadata = metadataOf(context.request);
    parent.put({
      ...rest,
      ...(metadata === undefined ? {} : { metadata }),
      etag: stamp.etag,
      lastModified: stamp.time,
      changed: stamp.time,
    });
    await parent.settle();
    return { status: 200, headers: { ...stampHeaders(stamp), 'x-ms-request-server-encrypted': 'true' } };
  });
}
