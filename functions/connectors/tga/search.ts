import type { ApiClient } from '../../platform/outbound/apiClient.ts';
import type { Activity } from '../../workflows/index.ts';
import { type ListCursor, walkedAnew } from '../listWalk.ts';
import { type Search, searchPage, type SearchPage } from './api.ts';

export interface FoundPage<Item> extends SearchPage<Item> {
  readonly next: ListCursor | null;
}

/**
 * The next page of a walk over a search. When there are fewer than before, what follows has moved up and some of it past us: the walk
 * begins anew. What is added meanwhile moves others back, where they are met twice.
 */
export async function walkSearch<Item>(
  client: ApiClient,
  search: Search<Item>,
  cursor: ListCursor,
  activity: Activity,
): Promise<FoundPage<Item>> {
  const { items, total } = await searchPage(client, search, cursor.offset, activity);
  if (cursor.total !== null && total !== null && total < cursor.total)
    return { items: [], total, next: walkedAnew(cursor, shrank(cursor.total, total)) };
  const offset = cursor.offset + items.length;
  const isLast = total !== null && offset >= total;
  return { items, total, next: isLast ? null : { ...cursor, offset, total: cursor.total ?? total } };
}

function shrank(before: number, now: number): string {
  return `A search of training.gov.au found ${String(before)}, then ${String(now)}, and shrank each time it was walked`;
}
