import type { Needs } from './auth/authorize.ts';
import { FilesError } from './errors.ts';
import { header } from './http/request.ts';
import type { FilesRequest, Level } from './http/request.ts';
import type { Answer } from './http/respond.ts';
import { abortCopy, copyFile, putRangeFromUrl } from './operations/copy.ts';
import type { OperationContext } from './operations/context.ts';
import {
  createDirectory,
  deleteDirectory,
  getDirectory,
  setDirectoryMetadata,
  setDirectoryProperties,
} from './operations/directories.ts';
import { getFile } from './operations/download.ts';
import { leaseFile } from './operations/fileLease.ts';
import { getFileProperties, setFileMetadata, setFileProperties } from './operations/fileProperties.ts';
import { createFile, deleteFile } from './operations/files.ts';
import { closeHandles, listHandles } from './operations/handles.ts';
import { listDirectory } from './operations/listing.ts';
import { createPermission, getPermission } from './operations/permissions.ts';
import { listRanges, putRange } from './operations/ranges.ts';
import { renameDirectory, renameFile } from './operations/rename.ts';
import { getServiceProperties, listShares, setServiceProperties } from './operations/service.ts';
import { getAccessPolicies, setAccessPolicies } from './operations/shareAccessPolicies.ts';
import { leaseShare } from './operations/shareLease.ts';
import {
  createShare,
  deleteShare,
  getShare,
  getShareStats,
  setShareMetadata,
  setShareProperties,
  undeleteShare,
} from './operations/shares.ts';
import { createSnapshot } from './operations/shareSnapshots.ts';

/** One operation of the protocol. Fault scripts name it by `operation`. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly level: Level;
  readonly comp: string | undefined;
  /** A header whose presence tells it from another operation with the same address. */
  readonly withHeader?: string;
  readonly needs: Needs;
  readonly run: (context: OperationContext) => Promise<Answer>;
}

type Row = readonly [
  method: string,
  comp: string | undefined,
  operation: string,
  needs: Needs,
  run: Route['run'],
  withHeader?: string,
];

/** `needs(account SAS letters, service SAS letters, resource type)`; no letters: not with such a signature. */
const needs = (account: string, service: string, type: Needs['type']): Needs => ({ account, service, type });
const READ = needs('r', 'r', 'o');
const WRITE = needs('w', 'w', 'o');
const CREATE = needs('cw', 'cw', 'o');
const DELETE = needs('d', 'd', 'o');
const LIST = needs('l', 'l', 'c');
const KEY_ONLY = needs('', '', 'c');
const SHARE_READ = needs('r', '', 'c');
const SHARE_WRITE = needs('w', '', 'c');

const SERVICE: readonly Row[] = [
  ['GET', 'list', 'ListShares', needs('l', '', 's'), listShares],
  ['GET', 'properties', 'GetServiceProperties', needs('r', '', 's'), getServiceProperties],
  ['PUT', 'properties', 'SetServiceProperties', needs('w', '', 's'), setServiceProperties],
];

const SHARE: readonly Row[] = [
  ['PUT', undefined, 'CreateShare', needs('cw', '', 'c'), createShare],
  ['GET', undefined, 'GetShareProperties', SHARE_READ, getShare],
  ['HEAD', undefined, 'GetShareProperties', SHARE_READ, getShare],
  ['GET', 'metadata', 'GetShareMetadata', SHARE_READ, getShare],
  ['HEAD', 'metadata', 'GetShareMetadata', SHARE_READ, getShare],
  ['DELETE', undefined, 'DeleteShare', needs('d', '', 'c'), deleteShare],
  ['PUT', 'properties', 'SetShareProperties', SHARE_WRITE, setShareProperties],
  ['PUT', 'metadata', 'SetShareMetadata', SHARE_WRITE, setShareMetadata],
  ['GET', 'stats', 'GetShareStats', SHARE_READ, getShareStats],
  ['GET', 'acl', 'GetShareAcl', KEY_ONLY, getAccessPolicies],
  ['PUT', 'acl', 'SetShareAcl', KEY_ONLY, setAccessPolicies],
  ['PUT', 'snapshot', 'SnapshotShare', needs('cw', '', 'c'), createSnapshot],
  ['PUT', 'undelete', 'RestoreShare', SHARE_WRITE, undeleteShare],
  ['PUT', 'lease', 'LeaseShare', SHARE_WRITE, leaseShare],
  ['PUT', 'filepermission', 'CreatePermission', needs('cw', 'cw', 'c'), createPermission],
  ['GET', 'filepermission', 'GetPermission', needs('r', 'r', 'c'), getPermission],
];

const DIRECTORY: readonly Row[] = [
  ['PUT', undefined, 'CreateDirectory', CREATE, createDirectory],
  ['GET', undefined, 'GetDirectoryProperties', READ, getDirectory],
  ['HEAD', undefined, 'GetDirectoryProperties', READ, getDirectory],
  ['GET', 'metadata', 'GetDirectoryMetadata', READ, getDirectory],
  ['HEAD', 'metadata', 'GetDirectoryMetadata', READ, getDirectory],
  ['DELETE', undefined, 'DeleteDirectory', DELETE, deleteDirectory],
  ['PUT', 'properties', 'SetDirectoryProperties', WRITE, setDirectoryProperties],
  ['PUT', 'metadata', 'SetDirectoryMetadata', WRITE, setDirectoryMetadata],
  ['GET', 'list', 'ListDirectory', LIST, listDirectory],
  ['PUT', 'rename', 'RenameDirectory', WRITE, renameDirectory],
  ['GET', 'listhandles', 'ListHandles', needs('l', '', 'c'), listHandles],
  ['PUT', 'forceclosehandles', 'ForceCloseHandles', SHARE_WRITE, closeHandles],
];

const FILE: readonly Row[] = [
  ['PUT', undefined, 'CopyFile', CREATE, copyFile, 'x-ms-copy-source'],
  ['PUT', undefined, 'CreateFile', CREATE, createFile],
  ['GET', undefined, 'GetFile', READ, getFile],
  ['HEAD', undefined, 'GetFileProperties', READ, getFileProperties],
  ['GET', 'metadata', 'GetFileMetadata', READ, getFileProperties],
  ['HEAD', 'metadata', 'GetFileMetadata', READ, getFileProperties],
  ['DELETE', undefined, 'DeleteFile', DELETE, deleteFile],
  ['PUT', 'range', 'PutRangeFromUrl', WRITE, putRangeFromUrl, 'x-ms-copy-source'],
  ['PUT', 'range', 'PutRange', WRITE, putRange],
  ['GET', 'rangelist', 'ListRanges', READ, listRanges],
  ['PUT', 'properties', 'SetFileProperties', WRITE, setFileProperties],
  ['PUT', 'metadata', 'SetFileMetadata', WRITE, setFileMetadata],
  ['PUT', 'rename', 'RenameFile', WRITE, renameFile],
  ['PUT', 'copy', 'AbortCopyFile', WRITE, abortCopy],
  ['PUT', 'lease', 'LeaseFile', needs('wd', 'wd', 'o'), leaseFile],
  ['GET', 'listhandles', 'ListHandles', needs('l', '', 'c'), listHandles],
  ['PUT', 'forceclosehandles', 'ForceCloseHandles', SHARE_WRITE, closeHandles],
];

/** Every operation this server knows. */
const ROUTES: readonly Route[] = [
  ...rows('service', SERVICE),
  ...rows('share', SHARE),
  ...rows('directory', DIRECTORY),
  ...rows('file', FILE),
];

function rows(level: Level, table: readonly Row[]): Route[] {
  return table.map(([method, comp, operation, needed, run, withHeader]) => ({
    operation,
    method,
    level,
    comp,
    needs: needed,
    run,
    ...(withHeader === undefined ? {} : { withHeader }),
  }));
}

/**
 * The operation a request asks for.
 * @throws FilesError UnsupportedHttpVerb, InvalidQueryParameterValue
 */
export function routeOf(request: FilesRequest): Route {
  const here = ROUTES.filter((route) => route.level === request.level && route.comp === request.comp);
  const found = here.find(
    (route) =>
      route.method === request.method &&
      (route.withHeader === undefined || header(request, route.withHeader) !== undefined),
  );
  if (found !== undefined) return found;
  if (here.length > 0) throw new FilesError('UnsupportedHttpVerb');
  throw new FilesError('InvalidQueryParameterValue', {
    details: { QueryParameterName: 'comp', QueryParameterValue: request.comp ?? '' },
  });
}
