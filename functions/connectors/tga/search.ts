import type { ApiClient } from '../../platform/outbound/apiClient.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import type { Activity } from '../../workflows/index.ts';
import { type Search, searchPage, type SearchPage } from './api.ts';

/** Where a walk over a search stands. */
export interface SearchCursor {
  readonly offset: number;
  /** What it found on its first page. */
  readonly total: number | null;
  readonly restarts: number;
}

export const SEARCH_START: SearchCursor = { offset: 0, total: null, restarts: 0 };

/** A search whose result keeps shrinking is tried again later: its index is being built anew. */
const MAX_RESTARTS = 3;

export interface FoundPage<Item> extends SearchPage<Item> {
  readonly next: SearchCursor | null;
}

/**
 * The next page of a walk over a search. When there are fewer than before, what follows has moved up and some of it past us: the walk
 * begins anew. What is added meanwhile moves others back, where they are met twice.
 */
export async function walkSearch<Item>(
  client: ApiClient,
  search: Search<Item>,
  cursor: SearchCursor,
  activity: Activity,
): Promise<FoundPage<Item>> {
  const { items, total } = await searchPage(client, search, cursor.offset, activity);
  if (cursor.total !== null && total !== null && total < cursor.total)
    return { items: [], total, next: restarted(cursor, total) };
  const offset = cursor.offset + items.length;
  const isLast = total !== null && offset >= total;
  return { items, total, next: isLast ? null : { ...cursor, offset, total: cursor.total ?? total } };
}

function restarted({ restarts, total }: SearchCursor, now: number): SearchCursor {
  if (restarts < MAX_RESTARTS) return { ...SEARCH_START, restarts: restarts + 1 };
  throw new ApiError(
    'ServiceUnavailableError',
    `A search of training.gov.au found ${String(total)}, then ${String(now)}, and shrank each time it was walked`,
  );
}
