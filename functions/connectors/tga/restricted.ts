import { type RegisterCycle, type SeenRow, storeRows } from '../../observatory/index.ts';
import type { ApiClient } from '../../platform/outbound/apiClient.ts';
import type { Activity } from '../../workflows/index.ts';
import { LIST_START, type ListCursor } from '../listWalk.ts';
import { readOne, tgaClient } from './api.ts';
import { askEach } from './askEach.ts';
import {
  type FoundOrganisation,
  foundOrganisation,
  isCurrent,
  ORGANISATION,
  organisationOf,
  organisationRestrictions,
  type Restrictions,
} from './organisation.ts';
import { walkSearch } from './search.ts';

/** Those of a page that the register flags are asked for one by one. */
const PAGE = 100;

/**
 * `flag_restricted`: which organisations are under a restriction now. The register flags those with a restriction or a decision, whichever
 * it is; what they may not do, and until when, it says of each.
 */
export async function flagRestricted(cycle: RegisterCycle, recordChanges: boolean): Promise<void> {
  const { services, run } = cycle.context;
  const client = tgaClient(services);
  const today = run.startedAt.toISOString().slice(0, 10);
  const search = { what: 'organisation', item: foundOrganisation, pageSize: PAGE } as const;
  await cycle.context.pages<SeenRow, ListCursor>(
    'flag_restricted',
    {
      first: LIST_START,
      fetch: async (cursor, activity) => {
        const { items, next } = await walkSearch(client, search, cursor, activity);
        const flagged = items.filter((item) => item.hasCurrentRestrictionOrRegulatoryDecision === true);
        const keys = flagged.map(({ code }) => ({ entityType: ORGANISATION, code: code.trim() }));
        const found = await askEach(keys, activity, ({ code }) => readRestrictions(client, code, activity));
        const known = new Map(keys.map(({ code }, index) => [code, found[index]]));
        return { rows: items.map((item) => rowOf(item, known, today)), next };
      },
      apply: (rows, tx, context) => storeRows(tx, cycle, rows, { recordChanges }, context),
    },
    { phase: true },
  );
}

function readRestrictions(client: ApiClient, code: string, activity: Activity): Promise<Restrictions | null> {
  const path = `/organisation/${encodeURIComponent(code)}/restrictions`;
  return readOne(client, path, organisationRestrictions, activity);
}

/** Undefined in `known`: it is flagged, and its restrictions could not be read; what was known of them stays. */
function rowOf(
  item: FoundOrganisation,
  known: ReadonlyMap<string, Restrictions | undefined>,
  today: string,
): SeenRow {
  const row = organisationOf(item);
  const restrictions = known.has(row.code) ? known.get(row.code) : [];
  if (restrictions === undefined) return row;
  const restricted = restrictions.some((one) => isCurrent(one, today));
  return { ...row, attributes: { ...row.attributes, restricted, restrictions } };
}
