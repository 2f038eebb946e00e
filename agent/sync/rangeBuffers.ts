/** The most that Azure Files takes in one range. */
export const RANGE_BYTES = 4 * 1024 * 1024;

/**
 * The buffers of all uploads of an agent: what they hold together is bounded, however many jobs and files there are.
 * Whoever takes one gives it back once.
 */
export interface RangeBuffers {
  /** A buffer with memory of its own, as it may travel to another thread. Waits until there is room, first come first served. */
  take(sizeBytes: number): Promise<Buffer>;
  /** Given back: `sizeBytes` as it was taken. With the buffer, if nobody else can still hold it, to be used again. */
  give(sizeBytes: number, buffer?: Buffer): void;
}

interface Waiting {
  readonly sizeBytes: number;
  readonly begin: () => void;
}

/** `limitBytes`: of all buffers together; at least one range. */
export function rangeBuffers(limitBytes: number): RangeBuffers {
  const free: Buffer[] = [];
  const waiting: Waiting[] = [];
  let takenBytes = 0;
  const letIn = () => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (takenBytes + next.sizeBytes > limitBytes) return;
      waiting.shift();
      takenBytes += next.sizeBytes;
      next.begin();
    }
  };
  return {
    take: async (sizeBytes) => {
      await new Promise<void>((begin) => {
        waiting.push({ sizeBytes, begin });
        letIn();
      });
      return (sizeBytes === RANGE_BYTES ? free.pop() : undefined) ?? Buffer.allocUnsafeSlow(sizeBytes);
    },
    give: (sizeBytes, buffer) => {
      if (buffer?.length === RANGE_BYTES) free.push(buffer);
      takenBytes -= sizeBytes;
      letIn();
      // Between uploads the memory is the machine's again.
      if (takenBytes === 0) free.length = 0;
    },
  };
}
