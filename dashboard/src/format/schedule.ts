const weekdays = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];

/**
 * An NCRONTAB schedule as people say it: `every 15 min`, `daily at 02:00 UTC`, `Mondays at 02:00 UTC`, `monthly on the 1st at
 * 18:00 UTC`. At which second it begins is left out; one that has no short name stays as it is.
 */
export function saySchedule(schedule: string): string {
  const fields = schedule.trim().split(/\s+/);
  const [second, minute, hour, dayOfMonth, month, weekday] = fields;
  if (fields.length !== 6 || !isNumber(second) || month !== '*') return schedule;
  const days = sayDays(dayOfMonth ?? '', weekday ?? '');
  if (days === undefined) return schedule;
  if (isNumber(minute) && isNumber(hour)) return `${days} at ${twoDigits(hour)}:${twoDigits(minute)} UTC`;
  return (days === 'daily' ? sayInterval(minute ?? '', hour ?? '') : undefined) ?? schedule;
}

function sayDays(dayOfMonth: string, weekday: string): string | undefined {
  if (weekday === '*') {
    if (dayOfMonth === '*') return 'daily';
    return isNumber(dayOfMonth) ? `monthly on the ${ordinal(Number(dayOfMonth))}` : undefined;
  }
  if (dayOfMonth !== '*') return undefined;
  if (weekday === '1-5') return 'Mondays to Fridays';
  if (!/^[0-6](,[0-6])*$/.test(weekday)) return undefined;
  const named = weekday.split(',').map((day) => weekdays[Number(day)]);
  return new Intl.ListFormat('en-GB').format(named.filter((name) => name !== undefined));
}

function sayInterval(minute: string, hour: string): string | undefined {
  const minutes = everyOf(minute);
  if (minutes !== undefined && hour === '*') return minutes === 1 ? 'every minute' : `every ${minutes} min`;
  const hours = everyOf(hour);
  if (hours === undefined || !isNumber(minute)) return undefined;
  return hours === 1 ? `hourly, at ${twoDigits(minute)} min past` : `every ${hours} h`;
}

// Every how many: 1 for a star alone, 15 for a star with /15, undefined for anything else.
function everyOf(field: string): number | undefined {
  const match = /^\*(?:\/(\d+))?$/.exec(field);
  return match === null ? undefined : Number(match[1] ?? 1);
}

function ordinal(day: number): string {
  const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${day}${suffixes[new Intl.PluralRules('en', { type: 'ordinal' }).select(day)] ?? 'th'}`;
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,2}$/.test(text);
}

function twoDigits(text: string): string {
  return text.padStart(2, '0');
}
