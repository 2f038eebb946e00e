import { ApiError } from '../platform/outbound/apiError.ts';

/** Where a walk over a list stands that may change while it is read. */
export interface ListCursor {
  readonly offset: number;
  /** What the first page said; null: this is the first, or it did not say. */
  readonly total: number | null;
  readonly restarts: number;
}

export const LIST_START: ListCursor = { offset: 0, total: null, restarts: 0 };

/** A list that keeps changing while it is walked is tried again later. */
const MAX_RESTARTS = 3;

/** Back to the start, because rows may have moved past the walk; too often, throws `ServiceUnavailableError` with what was seen. */
export function walkedAnew({ restarts }: ListCursor, seen: string): ListCursor {
  if (restarts < MAX_RESTARTS) return { ...LIST_START, restarts: restarts + 1 };
  throw new ApiError('ServiceUnavailableError', seen);
}
