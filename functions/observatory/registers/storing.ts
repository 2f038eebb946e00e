import type { SeenEntity } from '../../../shared/domain/registerEntity.ts';
import type { Db } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';
import type { RegisterCycle } from './cycle.ts';
import { storeEntities, type StoreScope } from './storeEntities.ts';

/** An entity as a page of a register shows it. */
export type SeenRow = SeenEntity & { readonly entityType: string };

/** Stores the rows of a page, whatever kinds they are of, in its transaction; gives how many were new, changed or back. */
export async function storeRows(
  tx: Db,
  { organizationId, register, runId }: RegisterCycle,
  rows: readonly SeenRow[],
  how: Pick<StoreScope, 'recordChanges' | 'areDetails'>,
  context: WriteContext,
): Promise<number> {
  const byType = Map.groupBy(rows, ({ entityType }) => entityType);
  let changed = 0;
  for (const entityType of [...byType.keys()].sort()) {
    const seen = (byType.get(entityType) ?? []).map(withoutType);
    changed += await storeEntities(
      tx,
      { organizationId, register, entityType, runId, ...how },
      seen,
      context,
    );
  }
  return changed;
}

function withoutType({ entityType: _, ...seen }: SeenRow): SeenEntity {
  return seen;
}
