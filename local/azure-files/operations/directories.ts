import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { FilesError } from '../errors.ts';
import { metadataHeaders, metadataOf } from '../http/headers.ts';
import type { Answer } from '../http/respond.ts';
import { syncPath } from '../store/disk.ts';
import { hasAttribute } from '../store/entry.ts';
import type { DirectoryEntry } from '../store/entry.ts';
import { diskNameFor } from '../store/names.ts';
import type { Share } from '../store/share.ts';
import { pathOf, refuseSnapshot, shareOf, snapshotOf, treeOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { permissionKeyOf } from './permissions.ts';
import { stampHeaders } from './shares.ts';
import { changedProperties, entryHeaders, newProperties, parentIdOf } from './smbProperties.ts';

/** Create Directory; its parent must exist. */
export async function createDirectory(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const path = pathOf(context);
  const name = path.at(-1);
  if (name === undefined) throw new FilesError('ResourceAlreadyExists');
  const permissionKey = permissionKeyOf(context, share);
  return share.onFile(path, 'exclusive', async () => {
    const parent = share.tree.parent(path);
    const present = parent.get(name);
    if (present?.kind === 'file') throw new FilesError('ResourceTypeMismatch');
    if (present !== undefined) throw new FilesError('ResourceAlreadyExists');
    const entry = newDirectory(context, name, permissionKey);
    const diskPath = parent.pathOf(entry);
    // A folder without an entry is what a crash left of a deleted directory.
    if (existsSync(diskPath)) await rm(diskPath, { recursive: true, force: true });
    share.tree.forget(diskPath);
    await mkdir(diskPath);
    if (share.synced) await syncPath(parent.diskPath);
    parent.put(entry);
    await parent.settle();
    return { status: 201, headers: entryHeaders(entry, parentIdOf(share.tree, path)) };
  });
}

function newDirectory(
  context: OperationContext,
  name: string,
  permissionKey: string | undefined,
): DirectoryEntry {
  const stamp = context.stamps.next();
  const diskName = diskNameFor(name);
  const metadata = metadataOf(context.request);
  return {
    kind: 'directory',
    name,
    ...(diskName === name ? {} : { diskName }),
    id: context.stamps.uniqueId(),
    etag: stamp.etag,
    lastModified: stamp.time,
    ...newProperties(context.request, 'directory', stamp, 'Directory'),
    ...(metadata === undefined ? {} : { metadata }),
    ...(permissionKey === undefined ? {} : { permissionKey }),
  };
}

/** Get Directory Properties, Get Directory Metadata; also of a snapshot. */
export async function getDirectory(context: OperationContext): Promise<Answer> {
  const path = pathOf(context);
  const share = shareOf(context);
  return share.onPaths('shared', () => {
    const { entry } = directoryAt(context, share, path);
    return {
      status: 200,
      headers: {
        ...metadataHeaders(entry.metadata),
        ...entryHeaders(entry, parentIdOf(treeOf(context), path)),
        'x-ms-server-encrypted': 'true',
      },
    };
  });
}

interface FoundDirectory {
  readonly entry: DirectoryEntry;
  readonly save: (entry: DirectoryEntry) => Promise<void>;
}

/** A directory's entry; the root's is kept in the record of the share. */
function directoryAt(context: OperationContext, share: Share, path: readonly string[]): FoundDirectory {
  const time = snapshotOf(context);
  if (path.length === 0) {
    const { root } = time === undefined ? share.record : share.snapshot(time);
    return { entry: root, save: async (entry) => void share.update({ root: entry }) };
  }
  const { parent, entry } = share.treeAt(time).directoryEntry(path);
  return {
    entry,
    save: async (changed) => {
      parent.put(changed);
      await parent.settle();
    },
  };
}

/** Set Directory Properties. */
export async function setDirectoryProperties(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  const permissionKey = permissionKeyOf(context, share);
  return share.onFile(path, 'exclusive', async () => {
    const { entry, save } = directoryAt(context, share, path);
    const stamp = context.stamps.next();
    const changed: DirectoryEntry = {
      ...entry,
      ...changedProperties(context.request, entry, stamp),
      etag: stamp.etag,
      lastModified: stamp.time,
      ...(permissionKey === undefined ? {} : { permissionKey }),
    };
    await save(changed);
    return { status: 200, headers: entryHeaders(changed, parentIdOf(share.tree, path)) };
  });
}

/** Set Directory Metadata: replaces all of it. */
export async function setDirectoryMetadata(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  return share.onFile(path, 'exclusive', async () => {
    const { entry, save } = directoryAt(context, share, path);
    const stamp = context.stamps.next();
    const metadata = metadataOf(context.request) ?? {};
    await save({ ...entry, metadata, etag: stamp.etag, lastModified: stamp.time, changed: stamp.time });
    return { status: 200, headers: stampHeaders(stamp) };
  });
}

/** Delete Directory; only an empty one. */
export async function deleteDirectory(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const share = shareOf(context);
  const path = pathOf(context);
  if (path.length === 0) throw new FilesError('InvalidUri');
  await share.onPaths('exclusive', async () => {
    const { parent, entry } = share.tree.directoryEntry(path);
    if (share.tree.directory(path).size > 0) throw new FilesError('DirectoryNotEmpty');
    if (hasAttribute(entry, 'ReadOnly')) throw new FilesError('ReadOnlyAttribute');
    const diskPath = parent.pathOf(entry);
    parent.remove(entry.name);
    await parent.settle();
    share.tree.forget(diskPath);
    await rm(diskPath, { recursive: true, force: true });
  });
  return { status: 202 };
}
