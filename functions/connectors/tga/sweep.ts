import { checkFeed, type RegisterCycle, type SeenRow, storeRows } from '../../observatory/index.ts';
import { LIST_START, type ListCursor } from '../listWalk.ts';
import { tgaClient } from './api.ts';
import { walkSearch } from './search.ts';
import { foundTraining, SEARCH_PAGE, statusOf, TRAINING } from './training.ts';

/** `sweep_statuses`: every training component with its status, successor and release. A full walk: what it does not meet is gone. */
export async function sweepStatuses(cycle: RegisterCycle, recordChanges: boolean): Promise<void> {
  const client = tgaClient(cycle.context.services);
  const search = { what: 'training', item: foundTraining, pageSize: SEARCH_PAGE } as const;
  await cycle.context.pages<SeenRow, ListCursor>(
    'sweep_statuses',
    {
      first: LIST_START,
      fetch: async (cursor, activity) => {
        const { items, total, next } = await walkSearch(client, search, cursor, activity);
        if (cursor.offset === 0 && total !== null) await checkFeed(cycle, TRAINING, total);
        return { rows: items.map(statusOf), next };
      },
      apply: (rows, tx, context) => storeRows(tx, cycle, rows, { recordChanges }, context),
    },
    { phase: true },
  );
}
