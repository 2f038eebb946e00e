import type { Caller } from '../auth/authorize.ts';
import type { SasContext } from '../auth/sas.ts';
import { FilesError } from '../errors.ts';
import type { FilesRequest } from '../http/request.ts';
import { isTrue } from '../http/request.ts';
import { foldName, parsePath } from '../store/names.ts';
import type { Share } from '../store/share.ts';
import type { Stamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import type { Tree } from '../store/tree.ts';

/** What every operation is given. */
export interface OperationContext {
  readonly request: FilesRequest;
  readonly caller: Caller;
  readonly store: Store;
  readonly stamps: Stamps;
  /** How to check a second signature, that of the source of a copy or rename. */
  readonly sas: SasContext;
  readonly isAccount: (name: string) => boolean;
}

/** The share of the request. @throws FilesError ShareNotFound */
export function shareOf({ request, store }: OperationContext): Share {
  return store.share(request.address.account, request.address.share ?? '');
}

/** The components of the request's path. @throws FilesError InvalidResourceName and its kin */
export function pathOf({ request }: OperationContext): string[] {
  return parsePath(request.address.path, isTrue(request, 'x-ms-allow-trailing-dot'));
}

/** The snapshot a request reads from. */
export function snapshotOf({ request }: OperationContext): string | undefined {
  return request.query.get('sharesnapshot');
}

/** The tree a request reads from: live, or a snapshot. */
export function treeOf(context: OperationContext): Tree {
  return shareOf(context).treeAt(snapshotOf(context));
}

/** Whether the caller holds a permission letter; the key holds all. */
function may({ caller }: OperationContext, letter: string): boolean {
  return caller.kind === 'key' || caller.permissions.includes(letter);
}

/** @throws FilesError AuthorizationPermissionMismatch */
export function requirePermission(context: OperationContext, letter: string): void {
  if (!may(context, letter)) throw new FilesError('AuthorizationPermissionMismatch');
}

/** Refuses to write into a snapshot. @throws FilesError */
export function refuseSnapshot(context: OperationContext): void {
  if (snapshotOf(context) !== undefined) throw new FilesError('ShareSnapshotOperationNotSupported');
}

/** Whether two paths name the same resource. */
export function isSamePath(left: readonly string[], right: readonly string[]): boolean {
  return foldName(left.join('/')) === foldName(right.join('/'));
}
