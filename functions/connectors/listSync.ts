import {
  closeWalks,
  registerCycle,
  type SeenEntity,
  storeEntities,
  type WalkPayload,
  walkPayload,
} from '../observatory/index.ts';
import type { Services } from '../platform/services.ts';
import type { Activity, FetchedPage, Pages, Workflow, WorkflowContext } from '../workflows/index.ts';

/** A list of a third party's API, and how its rows are kept in `register_entities`. */
export interface ListSource<Row, Cursor> {
  readonly register: string;
  /** Also the name of its step. */
  readonly entityType: string;
  /** Where the first page begins. */
  readonly first: Cursor;
  fetch(services: Services, cursor: Cursor, activity: Activity): Promise<FetchedPage<Row, Cursor>>;
  entityOf(row: Row): SeenEntity;
}

/** A workflow that walks lists from their first page to their last, and then takes for gone what it did not meet. */
export function listSync(parts: {
  readonly name: string;
  readonly summary: string;
  readonly needs: Workflow['needs'];
  readonly schedule?: string;
  readonly expectedMinutes: number;
  readonly register: string;
  readonly sources: readonly PagedSource[];
}): Workflow {
  const { register, sources, ...said } = parts;
  const targets = sources.map(({ entityType }) => ({ name: entityType, entityTypes: [entityType] }));
  const workflow: Workflow<WalkPayload> = {
    ...said,
    payload: walkPayload,
    // Two walks of one register at a time would each take for gone what the other met.
    exclusive: register,
    volume: 'full',
    run: async (context, { acceptFall }) => {
      const walked: Record<string, unknown> = {};
      await context.seed([...sources.map(({ entityType }) => entityType), 'close_walks']);
      for (const { entityType, pagesIn } of sources) {
        walked[entityType] = await context.pages(entityType, pagesIn(context), { phase: true });
      }
      const cycle = registerCycle(context, register, { acceptFall });
      const { recordsOut: gone } = await closeWalks(cycle, targets, { recordChanges: false });
      return { ...walked, gone };
    },
  };
  return workflow;
}

/** A source whose types of rows and cursors are its own affair. */
export interface PagedSource {
  readonly entityType: string;
  pagesIn(context: WorkflowContext): Pages<unknown, unknown>;
}

export function pagedSource<Row, Cursor>(source: ListSource<Row, Cursor>): PagedSource {
  return {
    entityType: source.entityType,
    pagesIn: (context) => listPages(context, source),
  };
}

/** Pages of a list, stored without change events: these are records of people, not of a public register. */
export function listPages<Row, Cursor>(
  { services, run }: WorkflowContext,
  { register, entityType, first, fetch, entityOf }: ListSource<Row, Cursor>,
): Pages<Row, Cursor> {
  const { runId, organizationId } = run;
  return {
    first,
    fetch: (cursor, activity) => fetch(services, cursor, activity),
    apply: (rows, tx, context) =>
      storeEntities(
        tx,
        { organizationId, register, entityType, runId, recordChanges: false },
        rows.map(entityOf),
        context,
      ),
  };
}
