/** Milliseconds since 1970; a test passes its own. */
export type Clock = () => number;

const TICKS_AT_1970 = 621_355_968_000_000_000n;

/** What every change of a resource gets: its time as Azure writes it (seven decimals) and a new ETag. */
export interface Stamp {
  readonly time: string;
  readonly etag: string;
}

/**
 * Makes stamps: ETags rise and never repeat within a process, also when the clock stands still or goes back,
 * because a client takes an equal ETag for "unchanged".
 */
export function createStamps(clock: Clock): { next(): Stamp; now(): number; uniqueId(): string } {
  let lastTicks = 0n;
  const nextTicks = () => {
    const ticks = BigInt(Math.floor(clock())) * 10_000n + TICKS_AT_1970;
    lastTicks = ticks > lastTicks ? ticks : lastTicks + 1n;
    return lastTicks;
  };
  return {
    now: clock,
    next: () => ({
      etag: `"0x${nextTicks().toString(16).toUpperCase()}"`,
      time: toFileTime(clock()),
    }),
    uniqueId: () => String(nextTicks()),
  };
}

export type Stamps = ReturnType<typeof createStamps>;

/** A time as Azure Files writes it: ISO 8601, UTC, seven decimals. */
export function toFileTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '0000Z');
}

/** A file time or ISO time as an HTTP date (whole seconds). */
export function toHttpDate(fileTime: string): string {
  return new Date(fileTime).toUTCString();
}

/** The seven-decimals form of a time a client sent, or undefined when it is no time. */
export function canonicalFileTime(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?(?:Z|\+00:00)$/.exec(text);
  if (match === null || Number.isNaN(Date.parse(`${match[1] ?? ''}Z`))) return undefined;
  return `${match[1] ?? ''}.${(match[2] ?? '').padEnd(7, '0')}Z`;
}
