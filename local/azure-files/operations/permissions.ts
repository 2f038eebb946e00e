import { FilesError } from '../errors.ts';
import { receiveText } from '../http/body.ts';
import type { Answer } from '../http/respond.ts';
import { header, requiredHeader } from '../http/request.ts';
import type { Share } from '../store/share.ts';
import { shareOf } from './context.ts';
import type { OperationContext } from './context.ts';

/** What a file has whose creator names no security descriptor. */
const INHERITED = 'O:BAG:BAD:(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1301bf;;;AU)(A;OICIID;FA;;;BU)';
const MAX_DESCRIPTORS = 10_000;

/** Create Permission: remembers a security descriptor and names it by a key. Nobody's access is decided by it. */
export async function createPermission(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const { permission } = readJson(await receiveText(context.request));
  return { status: 201, headers: { 'x-ms-file-permission-key': permissionKeyFor(share, permission) } };
}

/** Get Permission. */
export async function getPermission(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const permission = descriptors(share)[indexOf(requiredHeader(context.request, 'x-ms-file-permission-key'))];
  if (permission === undefined) throw new FilesError('FileInvalidPermissionKey');
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ permission }),
  };
}

/**
 * The key of the descriptor a request sets; undefined when it sets none.
 * @throws FilesError FileInvalidPermissionKey
 */
export function permissionKeyOf(context: OperationContext, share: Share): string | undefined {
  const key = header(context.request, 'x-ms-file-permission-key');
  if (key !== undefined) {
    if (descriptors(share)[indexOf(key)] === undefined) throw new FilesError('FileInvalidPermissionKey');
    return key;
  }
  const permission = header(context.request, 'x-ms-file-permission');
  if (permission === undefined || /^(?:preserve|inherit|source)$/i.test(permission)) return undefined;
  return permissionKeyFor(share, permission);
}

/** The key shown for an entry that has no descriptor of its own. */
export const INHERITED_KEY = keyAt(0);

function permissionKeyFor(share: Share, permission: string): string {
  const known = descriptors(share).indexOf(permission);
  if (known !== -1) return keyAt(known);
  if (share.record.permissions.length >= MAX_DESCRIPTORS) throw new FilesError('FileInvalidPermission');
  const { permissions } = share.update({ permissions: [...share.record.permissions, permission] });
  return keyAt(permissions.length);
}

function descriptors(share: Share): readonly string[] {
  return [INHERITED, ...share.record.permissions];
}

function keyAt(index: number): string {
  return `10000000000000000000*${index}`;
}

function indexOf(key: string): number {
  const [prefix, index] = key.split('*');
  return prefix === '10000000000000000000' ? Number(index) : -1;
}

function readJson(text: string): { permission: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === 'object' &&
      value !== null &&
      'permission' in value &&
      typeof value.permission === 'string'
    ) {
      return { permission: value.permission };
    }
  } catch (error) {
    throw new FilesError('InvalidInput', { cause: error });
  }
  throw new FilesError('FileInvalidPermission');
}
