const MINUTE_MS = 60_000;

/** An instant as a field of type `datetime-local` takes it (`2026-04-13T04:00`, this machine's clock); `''` for none. */
export function toLocalMoment(instant: string | undefined): string {
  const at = instant === undefined ? Number.NaN : Date.parse(instant);
  if (Number.isNaN(at)) return '';
  const offsetMs = new Date(at).getTimezoneOffset() * MINUTE_MS;
  return new Date(at - offsetMs).toISOString().slice(0, 16);
}

/** The instant of what such a field holds; `''` when it is empty or half typed. */
export function fromLocalMoment(text: string): string {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
