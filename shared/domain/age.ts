const MINUTE_MS = 60_000;

/** A span of time for people, in the largest unit that keeps it whole: `40 s`, `12 min`, `3 h`, `2 days`. */
export function ageText(spanMs: number): string {
  const minutes = Math.floor(Math.max(0, spanMs) / MINUTE_MS);
  if (minutes < 1) return `${String(Math.floor(Math.max(0, spanMs) / 1000))} s`;
  if (minutes < 120) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${String(hours)} h` : `${String(Math.floor(hours / 24))} days`;
}

/** `1 file`, `1,200 files`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** `2026-11-22 14:05 UTC`: readers sit in several zones. */
export function instantText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
