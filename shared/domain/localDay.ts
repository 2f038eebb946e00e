/** Where a day ends last: once it is over there it is over everywhere. */
const LAST_ZONE = 'Etc/GMT+12';

/**
 * Says which day it is somewhere, as `yyyy-mm-dd`, by the rules of an IANA time zone (daylight saving, half hours). A
 * zone that is unknown here counts as the one where days end last, so that no day is taken for past too early.
 */
export function dayIn(timeZone: string): (instant: Date) => string {
  const format = formatFor(timeZone) ?? formatFor(LAST_ZONE);
  return (instant) => {
    const parts = new Map(format?.formatToParts(instant).map(({ type, value }) => [type, value]));
    return `${(parts.get('year') ?? '').padStart(4, '0')}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`;
  };
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch {
    return undefined;
  }
}
