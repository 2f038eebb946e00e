/** How long something took, for people: `0.4 s`, `3 min 12 s`, `2 h 05 min`. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min ${two(seconds % 60)} s`;
  return `${String(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}

/** From one instant to another, or to now. */
export function spanBetween(from: string | null, to: string | null, now: string): string | null {
  return from === null ? null : spanText(Date.parse(to ?? now) - Date.parse(from));
}

/** An instant for people, in UTC: `2026-04-13 02:00:05Z`. */
export function timeText(instant: string | null): string | null {
  return instant === null ? null : `${instant.slice(0, 10)} ${instant.slice(11, 19)}Z`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
