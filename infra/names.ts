import { createHash } from 'node:crypto';

/** Whose names they are: what makes one stack another. */
export interface StackIdentity {
  readonly project: string;
  readonly stack: string;
  readonly subscriptionId: string;
}

/** Azure names of everything that people meet; what Azure wants to be unique in the world carries the stack's hash. */
export interface Names {
  readonly resourceGroup: string;
  readonly hostStorage: string;
  readonly filesStorage: string;
  readonly keyVault: string;
  readonly sqlServer: string;
  readonly secondSqlServer: string;
  readonly failoverGroup: string;
  readonly app: string;
  readonly redis: string;
  /** Of what need be unique in its resource group only: `named('plan')`. */
  readonly named: (kind: string) => string;
}

/** The host cuts an app's name, with its slot, to 32 characters and takes that for its id; two with one id share leases. */
export const STAGING_SLOT = 'staging';
const HASH_CHARACTERS = 7;

/**
 * Pure: the same stack has the same names for ever, and two stacks never share one, however alike theirs are. Stack names may be
 * 100 characters of letters, digits, `-`, `_` and `.`; the shortest limit here is that of storage accounts: 24, letters and digits.
 */
export function namesOf(identity: StackIdentity): Names {
  const hash = hashOf(identity);
  const dashed = (most: number): string => `${readablePart(identity.stack, most)}-${hash}`;
  const packed = (most: number): string => readablePart(identity.stack, most).replaceAll('-', '');
  return {
    resourceGroup: `rg-datasync-${dashed(40)}`,
    hostStorage: `ds${packed(9)}host${hash}`,
    filesStorage: `ds${packed(9)}files${hash}`,
    keyVault: `kv-${dashed(12)}`,
    sqlServer: `sql-datasync-${dashed(30)}`,
    secondSqlServer: `sql-datasync2-${dashed(30)}`,
    failoverGroup: `fog-datasync-${dashed(30)}`,
    // With "-staging" 31 characters: one fewer than the host cuts to.
    app: `ds-${dashed(12)}`,
    redis: `redis-datasync-${dashed(30)}`,
    // The shortest of these limits is that of backup vaults: 50.
    named: (kind) => `${kind}-datasync-${dashed(24)}`,
  };
}

/** Lower-case letters, digits and single dashes, beginning and ending with none. */
function readablePart(stack: string, most: number): string {
  const legal = stack.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const cut = legal.replace(/^-+/, '').slice(0, most).replace(/-+$/, '');
  return cut === '' ? 'stack' : cut;
}

function hashOf({ project, stack, subscriptionId }: StackIdentity): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([subscriptionId, project, stack]))
    .digest();
  // 35 bits; 36 digits would do, but the letters alone keep a hash from looking like a number.
  return [...digest.subarray(0, HASH_CHARACTERS)]
    .map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32])
    .join('');
}

/** A GUID that stays the same, for resources whose name must be one. */
export function guidOf(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
