import { FilesError, invalidHeader } from '../errors.ts';
import { contentLength, md5Of, receiveBody } from '../http/body.ts';
import { contentHeadersOf, metadataOf, numberHeader } from '../http/headers.ts';
import type { Answer } from '../http/respond.ts';
import { header, requiredHeader } from '../http/request.ts';
import { orShareFull, removeData, replaceData, writeNewFile } from '../store/dataFile.ts';
import type { Directory } from '../store/directory.ts';
import { ATTRIBUTES, hasAttribute } from '../store/entry.ts';
import type { Entry, FileEntry } from '../store/entry.ts';
import { diskNameFor } from '../store/names.ts';
import { coveredBytes } from '../store/ranges.ts';
import { pathOf, refuseSnapshot, requirePermission, shareOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkFileLease } from './fileLease.ts';
import { permissionKeyOf } from './permissions.ts';
import { entryHeaders, newProperties, parentIdOf } from './smbProperties.ts';

const MAX_FILE_BYTES = 4 * 1024 ** 4;
/** The first service version whose Create File takes content. */
const CONTENT_SINCE = '2026-02-06';

/** Create File: a new file of zeros, or with content of up to 4 MiB; replaces one that is there. */
export async function createFile(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const { request } = context;
  const share = shareOf(context);
  const path = pathOf(context);
  if (requiredHeader(request, 'x-ms-type').toLowerCase() !== 'file') {
    throw invalidHeader('x-ms-type', header(request, 'x-ms-type') ?? '');
  }
  const sizeBytes = sizeOf(context);
  const content = await contentOf(context, sizeBytes);
  const permissionKey = permissionKeyOf(context, share);
  return share.onFile(path, 'exclusive', async () => {
    const parent = share.tree.parent(path);
    const present = replaceable(context, parent, path);
    const fresh = newFile(context, path, present, { sizeBytes, content, permissionKey });
    const moreBytes = content.length - (present === undefined ? 0 : coveredBytes(present.written));
    share.checkRoom(moreBytes);
    const entry = await orShareFull(() =>
      replaceData({
        directory: parent,
        entry: fresh,
        synced: share.synced,
        fill: (target) => writeNewFile(target, sizeBytes, content),
      }),
    );
    share.addUsedBytes(moreBytes);
    return {
      status: 201,
      headers: {
        ...entryHeaders(entry, parentIdOf(share.tree, path)),
        'x-ms-request-server-encrypted': 'true',
        'Content-MD5': content.length > 0 ? md5Of(content) : undefined,
      },
    };
  });
}

function sizeOf({ request }: OperationContext): number {
  const sizeBytes = numberHeader(request, 'x-ms-content-length');
  if (sizeBytes === undefined) requiredHeader(request, 'x-ms-content-length');
  if (sizeBytes === undefined || sizeBytes > MAX_FILE_BYTES) {
    throw invalidHeader('x-ms-content-length', String(sizeBytes));
  }
  return sizeBytes;
}

async function contentOf({ request }: OperationContext, sizeBytes: number): Promise<Buffer> {
  const length = contentLength(request);
  if (length === 0) return Buffer.alloc(0);
  const tooOld = (header(request, 'x-ms-version') ?? request.query.get('sv') ?? '') < CONTENT_SINCE;
  if (tooOld || length > sizeBytes) throw invalidHeader('Content-Length', String(length));
  return receiveBody(request);
}

/** The file a create would replace, if it may be. */
function replaceable(
  context: OperationContext,
  parent: Directory,
  path: readonly string[],
): FileEntry | undefined {
  const present = parent.get(path.at(-1) ?? '');
  if (present === undefined) return undefined;
  if (present.kind !== 'file') throw new FilesError('ResourceTypeMismatch');
  // The right to create is not the right to overwrite.
  requirePermission(context, 'w');
  checkFileLease(context.request, present, 'write');
  if (hasAttribute(present, 'ReadOnly')) throw new FilesError('ReadOnlyAttribute');
  return present;
}

interface NewFile {
  readonly sizeBytes: number;
  readonly content: Buffer;
  readonly permissionKey: string | undefined;
}

function newFile(
  { request, stamps }: OperationContext,
  path: readonly string[],
  present: FileEntry | undefined,
  { sizeBytes, content, permissionKey }: NewFile,
): FileEntry {
  const stamp = stamps.next();
  const name = present?.name ?? path.at(-1) ?? '';
  const diskName = diskNameFor(name);
  const metadata = metadataOf(request);
  const headers = contentHeadersOf(request);
  const properties = newProperties(request, 'file', stamp, 'None');
  return {
    kind: 'file',
    name,
    ...(diskName === name ? {} : { diskName }),
    id: stamps.uniqueId(),
    etag: stamp.etag,
    lastModified: stamp.time,
    ...properties,
    attributes: withArchive(properties.attributes, header(request, 'x-ms-file-property-semantics')),
    sizeBytes,
    written: content.length === 0 ? [] : [0, content.length],
    ...(metadata === undefined ? {} : { metadata }),
    ...(headers === undefined ? {} : { headers }),
    ...(permissionKey === undefined ? {} : { permissionKey }),
    ...(present?.leaseId === undefined ? {} : { leaseId: present.leaseId }),
  };
}

/** A new file gets the Archive attribute, unless the client restores one exactly as it was. */
function withArchive(attributes: string, semantics: string | undefined): string {
  if (semantics?.toLowerCase() === 'restore') return attributes;
  const all = [...attributes.split('|'), 'Archive'];
  return ATTRIBUTES.filter((attribute) => all.includes(attribute)).join('|');
}

/** Delete File. */
export async function deleteFile(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  await share.onFile(path, 'exclusive', async () => {
    const { parent, entry } = share.tree.file(path);
    checkFileLease(context.request, entry, 'write');
    refuseReadOnly(entry);
    parent.remove(entry.name);
    share.addUsedBytes(-coveredBytes(entry.written));
    await parent.settle();
    await removeData(parent.pathOf(entry), share.synced);
  });
  return { status: 202 };
}

/** @throws FilesError ReadOnlyAttribute */
export function refuseReadOnly(entry: Entry): void {
  if (hasAttribute(entry, 'ReadOnly')) throw new FilesError('ReadOnlyAttribute');
}
