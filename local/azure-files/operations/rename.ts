import { FilesError, invalidHeader } from '../errors.ts';
import { metadataOf } from '../http/headers.ts';
import type { Answer } from '../http/respond.ts';
import { header, isTrue } from '../http/request.ts';
import { diskNameOf, hasAttribute } from '../store/entry.ts';
import type { Entry } from '../store/entry.ts';
import { diskNameFor } from '../store/names.ts';
import { coveredBytes } from '../store/ranges.ts';
import { carryOutRename } from '../store/renameIntent.ts';
import type { Share } from '../store/share.ts';
import { isSamePath, pathOf, refuseSnapshot, requirePermission, shareOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkFileLease } from './fileLease.ts';
import { permissionKeyOf } from './permissions.ts';
import { changedProperties, entryHeaders, parentIdOf } from './smbProperties.ts';
import { sourceOf } from './source.ts';

/** Rename File. */
export function renameFile(context: OperationContext): Promise<Answer> {
  return renameEntry(context, 'file');
}

/** Rename Directory, with everything in it. */
export function renameDirectory(context: OperationContext): Promise<Answer> {
  return renameEntry(context, 'directory');
}

async function renameEntry(context: OperationContext, kind: Entry['kind']): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const to = pathOf(context);
  const source = sourceOf(context, 'x-ms-file-rename-source', 'w');
  if (source.share !== share || source.path.length === 0 || to.length === 0) {
    throw invalidHeader('x-ms-file-rename-source', source.url);
  }
  const permissionKey = permissionKeyOf(context, share);
  return share.onPaths('exclusive', async () => {
    const { entry } = kind === 'file' ? share.tree.file(source.path) : share.tree.directoryEntry(source.path);
    if (kind === 'directory' && isInside(to, source.path)) throw new FilesError('InvalidInput');
    if (entry.kind === 'file') checkFileLease(context.request, entry, 'write', 'x-ms-source-lease-id');
    const present = isSamePath(to, source.path) ? undefined : replacedBy(context, share, entry, to);
    const renamed = renamedEntry(context, { entry, present, name: to.at(-1) ?? '', permissionKey });
    carryOutRename(share.folder, share.tree, {
      from: source.path,
      toParent: to.slice(0, -1),
      entry: renamed,
      fromDiskName: diskNameOf(entry),
    });
    if (present?.kind === 'file') share.addUsedBytes(-coveredBytes(present.written));
    return { status: 200, headers: entryHeaders(renamed, parentIdOf(share.tree, to)) };
  });
}

function isInside(path: readonly string[], folder: readonly string[]): boolean {
  return path.length > folder.length && isSamePath(path.slice(0, folder.length), folder);
}

/** What stands at the new place, if the client may replace it. */
function replacedBy(
  context: OperationContext,
  share: Share,
  source: Entry,
  to: readonly string[],
): Entry | undefined {
  const present = share.tree.parent(to).get(to.at(-1) ?? '');
  if (present === undefined) return undefined;
  const { request } = context;
  const isReplaceable = isTrue(request, 'x-ms-file-rename-replace-if-exists') && present.kind === 'file';
  if (!isReplaceable || source.kind !== 'file') throw new FilesError('ResourceAlreadyExists');
  requirePermission(context, 'w');
  checkFileLease(request, present, 'write', 'x-ms-destination-lease-id');
  if (hasAttribute(present, 'ReadOnly') && !isTrue(request, 'x-ms-file-rename-ignore-readonly')) {
    throw new FilesError('ReadOnlyAttribute');
  }
  return present;
}

interface Renaming {
  readonly entry: Entry;
  readonly present: Entry | undefined;
  readonly name: string;
  readonly permissionKey: string | undefined;
}

function renamedEntry(context: OperationContext, { entry, present, name, permissionKey }: Renaming): Entry {
  const { request, stamps } = context;
  const stamp = stamps.next();
  const diskName = present === undefined ? diskNameFor(name) : diskNameOf(present);
  const metadata = metadataOf(request);
  const { diskName: _, ...rest } = entry;
  const common = {
    name,
    ...(diskName === name ? {} : { diskName }),
    ...changedProperties(request, entry, stamp),
    etag: stamp.etag,
    lastModified: stamp.time,
    ...(metadata === undefined ? {} : { metadata }),
    ...(permissionKey === undefined ? {} : { permissionKey }),
  };
  if (rest.kind === 'directory') return { ...rest, ...common };
  const { staged: __, ...file } = rest;
  const contentType = header(request, 'x-ms-content-type');
  const headers = contentType === undefined ? file.headers : { ...file.headers, contentType };
  return { ...file, ...common, ...(headers === undefined ? {} : { headers }) };
}
