import { announced } from './announce.ts';
import { attempt } from './attempt.ts';
import { failActivity } from './failure.ts';
import type { Visit } from './memory.ts';
import { storedResult } from './outcome.ts';
import { commit, type DurableSlice, handOverAt, stepOf, visit } from './slice.ts';
import type { ActivityOptions, Pages, PagesTotal } from './workflow.ts';

/** What a step keeps between pages. */
interface PagesCursor<Cursor> extends PagesTotal {
  /** Null after the last page. */
  readonly next: Cursor | null;
  /** The source said that there was nothing, and has given no row since. */
  readonly idle?: string;
}

/** `context.pages`: goes on after the last page that was stored. */
export async function runPages<Row, Cursor>(
  slice: DurableSlice,
  name: string,
  walk: Pages<Row, Cursor>,
  options: ActivityOptions = {},
): Promise<PagesTotal> {
  const visited = visit(slice, name);
  if (visited.stored?.status === 'complete') {
    return storedResult(visited.stored.result_json).value as PagesTotal;
  }
  const stored = visited.stored?.cursor_json as PagesCursor<Cursor> | null | undefined;
  let at: PagesCursor<Cursor> = stored ?? { next: walk.first, pages: 0, recordsIn: 0, recordsOut: 0 };
  if (visited.stored?.status === 'failed' && options.mayFail === true) return totalOf(at);
  handOverAt(slice, visited, options.phase ?? false);
  while (at.next !== null) {
    if (at.pages > 0) handOverAt(slice, visited, false);
    try {
      at = await onePage(slice, visited, walk, { ...at, next: at.next }, options);
    } catch (error) {
      slice.endings.check();
      await failActivity(slice, visited, error, options);
      break;
    }
  }
  return totalOf(at);
}

async function onePage<Row, Cursor>(
  slice: DurableSlice,
  visited: Visit,
  walk: Pages<Row, Cursor>,
  at: PagesCursor<Cursor> & { readonly next: Cursor },
  options: ActivityOptions,
): Promise<PagesCursor<Cursor>> {
  const { name } = visited;
  const piece = { key: `${name}/${String(at.pages + 1)}`, name, limitMs: options.limitMs };
  const page = await announced(slice, visited, options.kind, () =>
    attempt(slice, piece, (activity) => walk.fetch(at.next, activity)),
  );
  let after: PagesCursor<Cursor> = at;
  await commit(slice, async (tx, context) => {
    const written = await walk.apply(page.rows, tx, context, page.next);
    const { recordsIn, recordsOut } = at;
    after = {
      next: page.next,
      pages: at.pages + 1,
      recordsIn: recordsIn + (page.recordsIn ?? page.rows.length),
      recordsOut: recordsOut + written,
      ...(page.idle === undefined ? {} : { idle: page.idle }),
    };
    return [pageStep(slice, visited, after, options)];
  });
  const { pages, recordsIn, recordsOut } = after;
  slice.log.info('page done', { activityName: name, page: pages, recordsIn, recordsOut });
  return after;
}

function pageStep<Cursor>(
  slice: DurableSlice,
  visited: Visit,
  after: PagesCursor<Cursor>,
  options: ActivityOptions,
) {
  const { recordsIn, recordsOut, idle } = after;
  const step = { ...stepOf(slice, visited, options.kind), recordsIn, recordsOut, cursor: after };
  if (after.next !== null) return { ...step, status: 'running' as const };
  const result = { value: totalOf(after), ...(idle === undefined ? {} : { idle }) };
  return { ...step, status: 'complete' as const, result };
}

function totalOf<Cursor>({ pages, recordsIn, recordsOut }: PagesCursor<Cursor>): PagesTotal {
  return { pages, recordsIn, recordsOut };
}
