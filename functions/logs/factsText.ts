import { loggable } from '../platform/logging/facts.ts';
import type { TableRow } from '../platform/tables/tables.ts';

const MAX_FACTS_LENGTH = 8000;

/** Facts as a row keeps them: JSON without secrets; what is longer than 8,000 characters is cut, and says so. */
export function factsText(facts: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(loggable(facts)).toWellFormed();
  return text.length <= MAX_FACTS_LENGTH
    ? text
    : JSON.stringify({ cut: text.slice(0, MAX_FACTS_LENGTH / 2) });
}

/** The facts of a row; null where it has none. */
export function factsOf(kept: TableRow[string] | undefined): unknown {
  return typeof kept === 'string' ? (JSON.parse(kept) as unknown) : null;
}
