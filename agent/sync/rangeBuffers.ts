/** The most that Azure Files takes in one range. */
export const RANGE_BYTES = 4 * 1024 * 1024;
/** Below this a buffer is nothing to count. */
const COUNTED_FROM_BYTES = 64 * 1024;

/**
 * The buffers of all uploads of an agent, so many at a time: what they hold together is bounded, however many jobs and
 * files there are. Whoever takes one gives it back once.
 */
export interface RangeBuffers {
  /** A buffer with memory of its own, as it may travel to another thread. Waits until there is room. */
  take(sizeBytes: number): Promise<Buffer>;
  /** Given back: `sizeBytes` as it was taken. With the buffer, if nobody else can still hold it, to be used again. */
  give(sizeBytes: number, buffer?: Buffer): void;
}

export function rangeBuffers(limit: number): RangeBuffers {
  const free: Buffer[] = [];
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    take: async (sizeBytes) => {
      if (sizeBytes < COUNTED_FROM_BYTES) return Buffer.allocUnsafeSlow(sizeBytes);
      if (taken < limit) taken += 1;
      else await new Promise<void>((resolve) => void waiting.push(resolve));
      return (sizeBytes === RANGE_BYTES ? free.pop() : undefined) ?? Buffer.allocUnsafeSlow(sizeBytes);
    },
    give: (sizeBytes, buffer) => {
      if (sizeBytes < COUNTED_FROM_BYTES) return;
      if (buffer?.length === RANGE_BYTES) free.push(buffer);
      // The place goes straight to who waited longest.
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
      // Between uploads the memory is the machine's again.
      if (taken === 0) free.length = 0;
    },
  };
}
