import {
  checkFeed,
  closeWalks,
  type RegisterCycle,
  registerCycle,
  type SeenRow,
  storeRows,
  tellCycleEnd,
  volumeBaselines,
  type WalkPayload,
  walkPayload,
  writeSnapshot,
} from '../../observatory/index.ts';
import { type ApiClient, createApiClient } from '../../platform/outbound/apiClient.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import type { Settings } from '../../platform/settings.ts';
import type { Activity, FetchedPage, Workflow } from '../../workflows/index.ts';
import { LIST_START, type ListCursor, walkedAnew } from '../listWalk.ts';
import { type CkanRecord, datastorePage } from './datastore.ts';

/** Open data portals are slow: pages of half a minute were seen. */
const TIMEOUT_MS = 120_000;

/** A table of a register, and what its rows say. */
export interface CkanTable {
  /** `ingest_courses`. */
  readonly step: string;
  /** `courses`: also the name of its volume check. */
  readonly target: string;
  /** Its total is recorded at the start of a cycle. */
  readonly hasBaseline: boolean;
  readonly entityType: string;
  /** The setting that holds the id of its resource. */
  readonly resource: keyof Settings & `${string}_RESOURCE`;
  entityOf(record: CkanRecord): Omit<SeenRow, 'entityType'>;
}

/** A register that is published as tables of a CKAN DataStore, walked as a whole by each cycle. */
export interface CkanRegister extends Pick<Workflow, 'name' | 'summary' | 'schedule' | 'expectedMinutes'> {
  readonly register: string;
  readonly apiUrl: keyof Settings & `${string}_API_URL`;
  readonly tables: readonly CkanTable[];
}

/** The cycle of such a register: baselines, a full walk a table, disappearances after all of them, and the snapshot. */
export function ckanCycle({ register, apiUrl, tables, ...said }: CkanRegister): Workflow {
  const client = perServices(({ settings, now }) =>
    createApiClient({
      baseUrl: String(settings[apiUrl]),
      headers: () => ({ accept: 'application/json' }),
      timeoutMs: TIMEOUT_MS,
      maxBodyBytes: 64 * 1024 * 1024,
      allowPrivateAddresses: settings.API_ALLOW_PRIVATE_ADDRESSES,
      now,
    }),
  );
  const targets = tables.map(({ target, entityType }) => ({ name: target, entityTypes: [entityType] }));
  const baselines = targets.filter((_, index) => tables[index]?.hasBaseline);
  const workflow: Workflow<WalkPayload> = {
    ...said,
    payload: walkPayload,
    exclusive: true,
    volume: 'full',
    onEnd: tellCycleEnd,
    needs: [apiUrl, ...tables.map(({ resource }) => resource)],
    run: async (context, given) => {
      const cycle = registerCycle(context, register, given);
      await context.seed([...tables.map(({ step }) => step), 'close_walks', 'write_snapshot']);
      const { recordChanges } = await volumeBaselines(cycle, baselines);
      for (const table of tables) await walkTable(cycle, client, table, recordChanges);
      await closeWalks(cycle, targets);
      return await writeSnapshot(cycle, baselines);
    },
  };
  return workflow;
}

async function walkTable(
  cycle: RegisterCycle,
  client: (services: Services) => ApiClient,
  table: CkanTable,
  recordChanges: boolean,
): Promise<void> {
  await cycle.context.pages<SeenRow, ListCursor>(
    table.step,
    {
      first: LIST_START,
      fetch: (cursor, activity) => fetchPage(cycle, client, table, cursor, activity),
      apply: (rows, tx, context) => storeRows(tx, cycle, rows, { recordChanges }, context),
    },
    { phase: true },
  );
}

/** A table whose total moves while it is read was loaded anew, and rows may have moved past us: it is read again from its start. */
async function fetchPage(
  cycle: RegisterCycle,
  client: (services: Services) => ApiClient,
  { target, entityType, resource, entityOf }: CkanTable,
  cursor: ListCursor,
  { signal }: Activity,
): Promise<FetchedPage<SeenRow, ListCursor>> {
  const { services } = cycle.context;
  const resourceId = String(services.settings[resource]);
  const { records, total } = await datastorePage(client(services), resourceId, cursor.offset, signal);
  if (cursor.total === null) await checkFeed(cycle, { name: target, entityTypes: [entityType] }, total);
  else if (total !== cursor.total)
    return { rows: [], next: walkedAnew(cursor, `${resourceId} changed each time while it was read`) };
  const end = cursor.offset + records.length;
  return {
    rows: records.map((record) => ({ ...entityOf(record), entityType })),
    next: end < total ? { ...cursor, offset: end, total } : null,
  };
}
