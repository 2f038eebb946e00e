import { Cron } from 'croner';

export interface TimerSchedule {
  readonly text: string;
  /** The first due time after `afterMs`. */
  next(afterMs: number): number;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const days = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const fields: readonly Field[] = [
  { name: 'second', least: 0, most: 59, names: [] },
  { name: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', least: 0, most: 23, names: [] },
  { name: 'day', least: 1, most: 31, names: [] },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'day of week', least: 0, most: 6, names: days },
];

/**
 * Reads an NCRONTAB expression of six fields (five: at second 0). As in NCRONTAB, day and day of week must both
 * fit, Sunday is 0 and never 7, names may be cut short.
 * Across daylight saving: fixed times fall once a day, in a gap at its end, in an overlap at its first pass;
 * schedules with `*` or steps in seconds, minutes or hours go by the clock on the wall and so through both passes.
 * Throws, with what was wanted, for time spans, for extensions of other crons, and for what never falls due.
 */
export function parseTimerSchedule(text: string, timeZone: string): TimerSchedule {
  try {
    return compile(text, timeZone);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Schedule '${text}' in time zone '${timeZone}' cannot be used: ${reason}`, {
      cause: error,
    });
  }
}

function compile(text: string, timeZone: string): TimerSchedule {
  if (/^(\d+\.)?\d{1,2}:\d{2}:\d{2}$/.test(text)) {
    throw new Error('a time span works on some hosting plans only; write six NCRONTAB fields');
  }
  const given = text.trim().split(/\s+/);
  const parts = given.length === 5 ? ['0', ...given] : given;
  if (parts.length !== fields.length) {
    throw new Error(
      `it has ${given.length} fields, wanted are six: ${fields.map(({ name }) => name).join(', ')}`,
    );
  }
  const pattern = fields.map((field, index) => normalizeField(parts[index] ?? '', field)).join(' ');
  const cron = new Cron(pattern, {
    paused: true,
    mode: '6-part',
    timezone: timeZone,
    domAndDow: true,
    fixedTimeRule: 'no-wildcard',
  });
  const next = (afterMs: number): number => {
    const due = cron.nextRun(new Date(afterMs));
    if (due === null) throw new Error('it never falls due');
    return due.getTime();
  };
  next(0);
  return { text, next };
}

function normalizeField(text: string, field: Field): string {
  return text
    .split(',')
    .map((part) => normalizePart(part, field))
    .join(',');
}

/** `*`, `a`, `a-b` and each with `/step`; `a/step` runs to the end of the field. */
function normalizePart(part: string, field: Field): string {
  const pieces = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
  if (pieces === null) throw new Error(`'${part}' is no ${field.name} of NCRONTAB`);
  const [, first, last, step] = pieces as unknown as [string, ...Array<string | undefined>];
  const suffix = step === undefined ? '' : `/${step}`;
  if (first === undefined) return `*${suffix}`;
  const start = readValue(first, field);
  if (last !== undefined) return `${start}-${readValue(last, field)}${suffix}`;
  return step === undefined ? String(start) : `${start}-${field.most}${suffix}`;
}

function readValue(text: string, field: Field): number {
  const named = field.names.findIndex((name) => name.startsWith(text.toLowerCase()));
  const value = named === -1 ? Number(text) : named + field.least;
  if (Number.isInteger(value) && value >= field.least && value <= field.most) return value;
  throw new Error(`'${text}' is no ${field.name}; wanted is ${field.least} to ${field.most}`);
}
