import { randomUUID } from 'node:crypto';

/** The largest value of the 12 bits that count within a millisecond. */
const COUNTER_MAX = 0xfff;

/**
 * Makes UUIDv7 (RFC 9562): sorted by time, and within one source strictly rising even when the clock stands still or
 * goes back; a burst of over 4,096 ids in a millisecond borrows from the next.
 */
export function createIdSource(nowMs: () => number): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const atMs = nowMs();
    if (atMs > lastMs) {
      lastMs = atMs;
      counter = 0;
    } else if (++counter > COUNTER_MAX) {
      lastMs += 1;
      counter = 0;
    }
    return uuidV7(lastMs, counter);
  };
}

/** The 62 random bits come from a version 4 UUID, whose variant bits stand where version 7 has them too. */
function uuidV7(timeMs: number, counter: number): string {
  const time = timeMs.toString(16).padStart(12, '0');
  const random = randomUUID().slice(18);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}${random}`;
}
