import { attributesOf, timeOf } from '../http/headers.ts';
import type { Entry } from '../store/entry.ts';
import type { Stamp } from '../store/stamps.ts';
import type { FilesRequest } from '../http/request.ts';
import type { Tree } from '../store/tree.ts';
import { INHERITED_KEY } from './permissions.ts';
import { stampHeaders } from './shares.ts';

/** The headers that describe any file or directory. */
export function entryHeaders(entry: Entry, parentId: string): Record<string, string> {
  return {
    ...stampHeaders({ time: entry.lastModified, etag: entry.etag }),
    'x-ms-file-permission-key': entry.permissionKey ?? INHERITED_KEY,
    'x-ms-file-attributes': entry.attributes,
    'x-ms-file-creation-time': entry.created,
    'x-ms-file-last-write-time': entry.lastWritten,
    'x-ms-file-change-time': entry.changed,
    'x-ms-file-id': entry.id,
    'x-ms-file-parent-id': parentId,
  };
}

/** The id of the directory that holds a path. */
export function parentIdOf(tree: Tree, path: readonly string[]): string {
  return path.length < 2 ? '0' : tree.directoryEntry(path.slice(0, -1)).entry.id;
}

type SmbProperties = Pick<Entry, 'attributes' | 'created' | 'lastWritten' | 'changed'>;

/** Attributes and times of something new; what the request leaves out is now. */
export function newProperties(
  request: FilesRequest,
  kind: Entry['kind'],
  { time }: Stamp,
  defaultAttributes: string,
): SmbProperties {
  const now = { now: time, keep: time, otherwise: time };
  return {
    attributes: attributesOf(request, kind) ?? defaultAttributes,
    created: timeOf(request, 'x-ms-file-creation-time', now),
    lastWritten: timeOf(request, 'x-ms-file-last-write-time', now),
    changed: timeOf(request, 'x-ms-file-change-time', now),
  };
}

/** Attributes and times of something that exists; what the request leaves out stays, but for the change time. */
export function changedProperties(request: FilesRequest, entry: Entry, { time }: Stamp): SmbProperties {
  const keep = (value: string) => ({ now: time, keep: value, otherwise: value });
  return {
    attributes: attributesOf(request, entry.kind) ?? entry.attributes,
    created: timeOf(request, 'x-ms-file-creation-time', keep(entry.created)),
    lastWritten: timeOf(request, 'x-ms-file-last-write-time', keep(entry.lastWritten)),
    changed: timeOf(request, 'x-ms-file-change-time', { now: time, keep: entry.changed, otherwise: time }),
  };
}
