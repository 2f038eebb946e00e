const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * An NCRONTAB schedule as people say it: `every 15 min`, `daily at 02:00 UTC`, `Mondays at 02:00 UTC`; one that has no
 * short name stays as it is.
 */
export function saySchedule(schedule: string): string {
  const [second, minute, hour, dayOfMonth, month, weekday, ...rest] = schedule.trim().split(/\s+/);
  if (rest.length > 0 || weekday === undefined || second !== '0' || dayOfMonth !== '*' || month !== '*')
    return schedule;
  const every = /^\*(?:\/(\d+))?$/.exec(minute ?? '');
  if (every !== null && hour === '*' && weekday === '*')
    return every[1] === undefined ? 'every minute' : `every ${every[1]} min`;
  if (!isNumber(minute)) return schedule;
  const hours = /^\*\/(\d+)$/.exec(hour ?? '')?.[1];
  if (hours !== undefined && weekday === '*') return `every ${hours} h`;
  if (hour === '*' && weekday === '*') return `hourly, at ${twoDigits(minute)} min past`;
  if (!isNumber(hour)) return schedule;
  const time = `${twoDigits(hour)}:${twoDigits(minute)} UTC`;
  if (weekday === '*') return `daily at ${time}`;
  if (weekday === '1-5') return `Mondays to Fridays at ${time}`;
  const day = /^[0-6]$/.test(weekday) ? days[Number(weekday)] : undefined;
  return day === undefined ? schedule : `${day}s at ${time}`;
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,2}$/.test(text);
}

function twoDigits(text: string): string {
  return text.padStart(2, '0');
}
