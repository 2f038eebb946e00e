import type { Screen } from './screen.ts';

/** The most that one request gives. */
const PAGE = 500;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The first `limit` of a feed, page by page; `nextCursor` is null when that was all there is. */
export async function firstOf<Item>(
  limit: number,
  fetchPage: (at: { readonly cursor?: string; readonly limit: number }) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const at = { limit: Math.min(PAGE, limit - items.length), ...(cursor === null ? {} : { cursor }) };
    const page: Page<Item> = await fetchPage(at);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return { items, nextCursor: cursor };
}

/** Says that a list is not all; programs read `nextCursor`. */
export function noteMore(screen: Screen, nextCursor: string | null, limit: number): void {
  if (nextCursor !== null && !screen.isJson)
    screen.note(`There are more; --limit shows more than ${String(limit)}.`);
}
