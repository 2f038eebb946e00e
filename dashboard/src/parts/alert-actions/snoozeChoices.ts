const HOUR = 3_600_000;

export interface SnoozeChoice {
  readonly name: string;
  readonly until: string;
}

/** How long one would want to hear nothing: an hour, four, until the next morning at eight (local), a day. */
export function snoozeChoices(nowMs: number): readonly SnoozeChoice[] {
  const morning = new Date(nowMs);
  morning.setHours(8, 0, 0, 0);
  if (morning.getTime() <= nowMs) morning.setDate(morning.getDate() + 1);
  return [
    { name: 'for an hour', until: new Date(nowMs + HOUR).toISOString() },
    { name: 'for four hours', until: new Date(nowMs + 4 * HOUR).toISOString() },
    { name: 'until eight in the morning', until: morning.toISOString() },
    { name: 'for a day', until: new Date(nowMs + 24 * HOUR).toISOString() },
  ];
}
