import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/** About 32 MiB and a tenth of a second a guess. Raising them re-hashes nobody: each hash names its own. */
const cost = { N: 2 ** 15, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const MAX_N = 2 ** 20;

/** `scrypt$N=32768,r=8,p=1$salt$hash`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await deriveKey(password, salt, cost);
  return `scrypt$N=${String(cost.N)},r=${String(cost.r)},p=${String(cost.p)}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Whether the password is the one of the hash. Without a hash (unknown address, account of an identity provider) it
 * takes as long and answers false, so that time does not tell which addresses exist. Throws for a hash it cannot read.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const { parameters, salt, key } = parseHash(hash ?? decoyHash);
  const derived = await deriveKey(password, salt, parameters);
  return timingSafeEqual(derived, key) && hash !== null;
}

const decoyHash = `scrypt$N=${String(cost.N)},r=${String(cost.r)},p=${String(cost.p)}$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(KEY_BYTES).toString('base64url')}`;

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Letters that look alike are one letter however they were typed (NFKC). */
async function deriveKey(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  return derive(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r });
}

function parseHash(hash: string): { parameters: ScryptCost; salt: Buffer; key: Buffer } {
  const [, n, r, p, salt, key] = /^scrypt\$N=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash) ?? [];
  const parameters = { N: Number(n), r: Number(r), p: Number(p) };
  const keyBytes = Buffer.from(key ?? '', 'base64url');
  if (salt === undefined || keyBytes.length !== KEY_BYTES || parameters.N > MAX_N)
    throw new Error('A stored password hash could not be read; wanted: scrypt$N=…,r=…,p=…$salt$hash');
  return { parameters, salt: Buffer.from(salt, 'base64url'), key: keyBytes };
}
