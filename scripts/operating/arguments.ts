import { InvalidArgumentError } from 'commander';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** `--from`: a day in UTC from its beginning, or an instant. Throws commander's error. */
export function fromInstant(text: string): string {
  return instantOf(DAY.test(text) ? `${text}T00:00:00.000Z` : text, text);
}

/** `--to`: a day in UTC to its end, or an instant. */
export function toInstant(text: string): string {
  return instantOf(DAY.test(text) ? `${text}T23:59:59.999Z` : text, text);
}

function instantOf(full: string, text: string): string {
  const at = INSTANT.test(full) ? new Date(full) : new Date(Number.NaN);
  // 2026-02-30 is read as 2 March: it is no day.
  const isDay = new Date(`${full.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(full.slice(8, 10));
  if (!Number.isNaN(at.getTime()) && isDay) return at.toISOString();
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is no date; wanted: 2026-04-13, or an instant with its zone, 2026-04-13T02:00:00Z.`,
  );
}

/** A whole number within bounds. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Wanted: a whole number from ${String(from)} to ${String(to)}.`);
  };
}
