import { STEP } from './copyPeople.ts';
import { type Ground, ROWS_A_PAGE } from './ground.ts';

/** What the database got, beside what the API lists: a line each. */
export interface CopyCount {
  readonly rows: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Rows that the API does not list. */
  readonly foreign: readonly string[];
  /** Pages whose key the API never saw. */
  readonly untold: readonly string[];
  /** Copies that did not come to a good end, or count their rows wrong. */
  readonly unfinished: readonly string[];
}

export async function countCopies(ground: Ground, runIds: readonly string[]): Promise<CopyCount> {
  const ids = (ground.thirdParties.parties.people.collections[STEP] ?? []).map(({ id }) => id);
  const listed = new Set(ids);
  const seen = new Set(ground.thirdParties.seen.map(({ headers }) => headers['x-request-id']));
  const counts = { rows: 0, lost: [] as string[], doubled: [] as string[], foreign: [] as string[] };
  for (const runId of runIds) {
    const codes = await codesOf(ground, runId);
    const times = Map.groupBy(codes, (code) => code);
    counts.rows += codes.length;
    counts.lost.push(...ids.filter((id) => !times.has(id)).map((id) => `lost: ${runId} ${id}`));
    const doubled = [...times].filter(([, all]) => all.length > 1);
    counts.doubled.push(...doubled.map(([id, all]) => `${String(all.length)} times: ${runId} ${id}`));
    const foreign = [...times.keys()].filter((id) => !listed.has(id));
    counts.foreign.push(...foreign.map((id) => `not listed: ${runId} ${id}`));
  }
  const pages = Array.from({ length: Math.ceil(ids.length / ROWS_A_PAGE) }, (_, page) => page + 1);
  const keys = runIds.flatMap((runId) => pages.map((page) => `${runId}/${STEP}/${String(page)}`));
  const untold = keys.filter((key) => !seen.has(key)).map((key) => `never asked for: ${key}`);
  return { ...counts, untold, unfinished: await unfinished(ground, runIds, ids.length) };
}

async function codesOf({ database }: Ground, runId: string): Promise<string[]> {
  const rows = database.db.selectFrom('change_events').select('entity_code').where('run_id', '=', runId);
  return (await rows.execute()).map((row) => row.entity_code);
}

async function unfinished(
  { database }: Ground,
  runIds: readonly string[],
  wanted: number,
): Promise<string[]> {
  const runs = await database.db
    .selectFrom('sync_runs')
    .select(['id', 'status', 'status_reason', 'records_in', 'records_out'])
    .where('id', 'in', runIds)
    .execute();
  return runs
    .filter((run) => run.status !== 'complete' || run.records_in !== wanted || run.records_out !== wanted)
    .map((run) => `not as it should end: ${JSON.stringify(run)}`);
}
