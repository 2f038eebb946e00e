import { type Db, insertIfAbsent, rowsFrom, upsert } from '../platform/database/index.ts';
import { alertColumns, type AlertRow, storedForm } from './alertRow.ts';

/** Rows a statement: the bound of a JSON parameter. */
const BATCH_ROWS = 1000;

/** Held by whoever decides for many alerts of an organization: their decisions rest on each other's. */
export function alertsLock(organizationId: string): string {
  return `alerts of ${organizationId}`;
}

export function inBatches<T>(items: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; start += BATCH_ROWS)
    batches.push(items.slice(start, start + BATCH_ROWS));
  return batches;
}

/** Live alerts by their live keys, locked until the transaction ends, so that rivals that meet the same problem take turns. */
export async function lockLive(tx: Db, liveKeys: readonly string[]): Promise<AlertRow[]> {
  const rows: AlertRow[] = [];
  for (const keys of inBatches([...liveKeys].sort())) {
    const asked = rowsFrom(
      'asked',
      { live_key: 'id' },
      keys.map((live_key) => ({ live_key })),
    );
    const found = tx
      .selectFrom('alerts')
      .selectAll()
      .where('live_key', 'in', (eb) => eb.selectFrom(asked).select('asked.live_key'))
      .orderBy('id')
      .forUpdate();
    rows.push(...(await found.execute()));
  }
  return rows;
}

/** Alerts of an organization by their fingerprints that were resolved since `since`, locked; the newest of each. Never of class data_loss: each loss is news. */
export async function lockResolvedSince(
  tx: Db,
  organizationId: string,
  wanted: readonly string[],
  since: Date,
): Promise<AlertRow[]> {
  const newest = new Map<string, AlertRow>();
  for (const batch of inBatches(wanted)) {
    const asked = rowsFrom(
      'asked',
      { fingerprint: 'id' },
      batch.map((fingerprint) => ({ fingerprint })),
    );
    const rows = await tx
      .selectFrom('alerts')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('fingerprint', 'in', (eb) => eb.selectFrom(asked).select('asked.fingerprint'))
      .where('resolved_at', '>=', since)
      .where('status', '=', 'resolved')
      .where('class', '<>', 'data_loss')
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const row of rows) newest.set(row.fingerprint, row);
  }
  return [...newest.values()];
}

/** Inserts alerts whose problems have no live one yet; gives the ids of those that are in: a rival may have been first with the others. */
export async function insertAlerts(tx: Db, rows: readonly AlertRow[]): Promise<ReadonlySet<string>> {
  const stored = rows.map(storedForm);
  const inserted = await insertIfAbsent(tx, 'alerts', {
    columns: alertColumns,
    rows: stored,
    key: ['live_key'],
  });
  const ids = rows.map((row) => row.id);
  return inserted === rows.length ? new Set(ids) : presentIds(tx, ids);
}

async function presentIds(tx: Db, ids: readonly string[]): Promise<Set<string>> {
  const present = new Set<string>();
  for (const batch of inBatches(ids)) {
    const asked = rowsFrom(
      'asked',
      { id: 'id' },
      batch.map((id) => ({ id })),
    );
    const rows = await tx
      .selectFrom('alerts')
      .select('id')
      .where('id', 'in', (eb) => eb.selectFrom(asked).select('asked.id'))
      .execute();
    for (const row of rows) present.add(row.id);
  }
  return present;
}

/** Writes alerts whose rows this transaction has locked. */
export async function saveAlerts(tx: Db, rows: readonly AlertRow[]): Promise<void> {
  await upsert(tx, 'alerts', {
    columns: alertColumns,
    rows: rows.map(storedForm),
    key: ['id'],
    update: changingColumns,
  });
}

const fixed: readonly string[] = ['id', 'organization_id', 'fingerprint'];
const changingColumns = (Object.keys(alertColumns) as (keyof typeof alertColumns)[]).filter(
  (name) => !fixed.includes(name),
);
