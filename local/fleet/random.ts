import { createCipheriv, createHash } from 'node:crypto';

/** Random draws that are the same for the same key, in this process and in the next. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** Log-normal around `median`, cut off at `min` and `max`, whole. */
  logNormal(bounds: { median: number; sigma: number; min: number; max: number }): number;
}

/** Draws from the key stream of `key`; not for secrets. */
export function seededRandom(key: string): Random {
  const bytes = seededBytes(`draws of ${key}`);
  const next = () => bytes(4).readUInt32LE() / 2 ** 32;
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    logNormal({ median, sigma, min, max }) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return Math.round(Math.min(max, Math.max(min, median * Math.exp(sigma * normal))));
    },
  };
}

/** An endless stream of bytes that only `key` decides: take some at a time. Made by AES, which costs next to nothing. */
export function seededBytes(key: string): (sizeBytes: number) => Buffer {
  const cipher = createCipheriv(
    'aes-128-ctr',
    createHash('sha256').update(key).digest().subarray(0, 16),
    Buffer.alloc(16),
  );
  return (sizeBytes) => cipher.update(Buffer.alloc(sizeBytes));
}
