const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span as people say it, with its two largest units: `12 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. */
export function sayDuration(spanMs: number): string {
  const span = Math.max(0, Math.round(spanMs));
  if (span < SECOND) return `${span} ms`;
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < 10 * MINUTE) return twoUnits(span, MINUTE, 'min', SECOND, 's');
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < DAY) return twoUnits(span, HOUR, 'h', MINUTE, 'min');
  return twoUnits(span, DAY, 'd', HOUR, 'h');
}

/** How long ago, in one unit: `just now`, `40 s ago`, `3 min ago`, `5 h ago`, `12 d ago`; `in 3 min` for what is to come. */
export function sayAgo(thenMs: number, nowMs: number): string {
  const age = nowMs - thenMs;
  if (age < -5 * SECOND) return `in ${sayRoughly(-age)}`;
  return age < 5 * SECOND ? 'just now' : `${sayRoughly(age)} ago`;
}

/** Time left until something: to the minute within a day, `31 h` and `4 d` beyond. */
export function sayLeft(spanMs: number): string {
  return spanMs < DAY ? sayDuration(spanMs) : sayRoughly(spanMs);
}

/** Both clocks for hovering and copying: `2026-04-13 04:00:05 (UTC+02:00) · 2026-04-13 02:00:05 UTC`. */
export function sayExactly(instantMs: number): string {
  const instant = new Date(instantMs);
  const offsetMinutes = -instant.getTimezoneOffset();
  const local = new Date(instantMs + offsetMinutes * MINUTE);
  return `${plainClock(local)} (UTC${offsetText(offsetMinutes)}) · ${plainClock(instant)} UTC`;
}

/** `04:00:05` on this machine's clock. */
export function sayClock(instantMs: number): string {
  const instant = new Date(instantMs);
  return plainClock(new Date(instantMs - instant.getTimezoneOffset() * MINUTE)).slice(11);
}

/** A span in its largest unit: `40 s`, `12 min`, `31 h`, `4 d`; hours up to two days. */
export function sayRoughly(spanMs: number): string {
  if (spanMs < MINUTE) return `${Math.floor(spanMs / SECOND)} s`;
  if (spanMs < HOUR) return `${Math.floor(spanMs / MINUTE)} min`;
  if (spanMs < 2 * DAY) return `${Math.floor(spanMs / HOUR)} h`;
  return `${Math.floor(spanMs / DAY)} d`;
}

function twoUnits(spanMs: number, large: number, largeName: string, small: number, smallName: string) {
  const rest = Math.floor((spanMs % large) / small);
  const whole = `${Math.floor(spanMs / large)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

function plainClock(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `${minutes < 0 ? '−' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;
}
