import { ApiError } from '../platform/outbound/apiError.ts';

/** The position of the next page. Throws ApiError for one that is not beyond this page: such a walk would have no end. */
export function movedOn(list: string, position: number, next: number): number {
  if (next > position) return next;
  throw new ApiError(
    'InternalServerError',
    `After position ${String(position)} of ${list} the next page was said to be at ${String(next)}; wanted: beyond it`,
  );
}
