import type { Db } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';

/** What an activity gives when it is more than a result. */
export interface ActivityParts<Result> {
  readonly result: Result;
  /** Rows read, and rows written. */
  readonly recordsIn?: number;
  readonly recordsOut?: number;
  /** The source itself said that there was nothing: how it said so. */
  readonly idle?: string;
  /** Effects in the database, in the transaction that stores the result. May run again after a deadlock. */
  readonly apply?: (tx: Db, context: WriteContext) => Promise<void>;
}

export class ActivityOutcome<Result> {
  readonly parts: ActivityParts<Result>;

  constructor(parts: ActivityParts<Result>) {
    this.parts = parts;
  }
}

/** An activity's result with its counts and its effects. */
export function outcome<Result>(parts: ActivityParts<Result>): ActivityOutcome<Result> {
  return new ActivityOutcome(parts);
}

/** What a step keeps of an activity. */
export interface StoredResult {
  readonly value: unknown;
  readonly idle?: string;
}

export function storedResult(stored: unknown): StoredResult {
  return (stored ?? { value: null }) as StoredResult;
}

/** Larger results belong into tables. */
const MAX_RESULT_LENGTH = 1024 * 1024;

/** The result as a later slice will read it, so that the first run of `run` sees what every repetition sees. Throws RangeError, TypeError. */
export function asStored(value: unknown): unknown {
  const text = JSON.stringify(value ?? null);
  if (text.length > MAX_RESULT_LENGTH) {
    throw new RangeError(
      `The activity's result is ${String(text.length)} characters of JSON; wanted at most ${String(MAX_RESULT_LENGTH)}`,
    );
  }
  return JSON.parse(text) as unknown;
}
