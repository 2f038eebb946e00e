/** How fast uploads went lately; null before the first. */
export interface UploadRates {
  readonly bytesPerSecond: number | null;
  readonly filesPerHour: number | null;
}

/** Measures the uploads of a job over the time in which it uploaded. */
export interface UploadRate {
  /** Uploading goes on until the returned function is called. */
  begin(): { archived(bytesSent: number): void; end(): void };
  rates(): UploadRates;
}

/** Older measurements than the last half hour of uploading count no more. */
const MEMORY_MS = 30 * 60_000;
/** Shorter stretches say more about one request than about the line. */
const SHORTEST_MS = 100;

interface Stretch {
  readonly beganMs: number;
  endedMs: number | undefined;
  files: number;
  bytes: number;
}

export function measureUploads(monotonicMs: () => number): UploadRate {
  let stretches: Stretch[] = [];
  const lengthOf = ({ beganMs, endedMs }: Stretch) => (endedMs ?? monotonicMs()) - beganMs;
  const forget = () => {
    let left = MEMORY_MS;
    stretches = stretches
      .toReversed()
      .filter((one, index) => {
        const keep = index === 0 || left > 0;
        left -= lengthOf(one);
        return keep;
      })
      .reverse();
  };
  return {
    begin: () => {
      const stretch: Stretch = { beganMs: monotonicMs(), endedMs: undefined, files: 0, bytes: 0 };
      stretches.push(stretch);
      return {
        archived: (bytesSent) => {
          stretch.files += 1;
          stretch.bytes += bytesSent;
        },
        end: () => {
          stretch.endedMs = monotonicMs();
          stretches = stretches.filter((one) => one !== stretch || one.files > 0);
          forget();
        },
      };
    },
    rates: () => {
      const counted = stretches.filter(({ files }) => files > 0);
      if (counted.length === 0) return { bytesPerSecond: null, filesPerHour: null };
      const sum = (of: (one: Stretch) => number) => counted.reduce((total, one) => total + of(one), 0);
      const seconds = Math.max(SHORTEST_MS, sum(lengthOf)) / 1000;
      return {
        bytesPerSecond: Math.round(sum(({ bytes }) => bytes) / seconds),
        filesPerHour: Math.round((sum(({ files }) => files) / seconds) * 3600),
      };
    },
  };
}
