import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createIdSource } from '../platform/ids.ts';
import { type Finding, raiseAlert, resolveAlert } from './index.ts';

let database: TestDatabase;
const newId = createIdSource(Date.now);
const at = (minute: number) => ({ at: new Date(Date.UTC(2026, 10, 22, 12, minute)), newId });
const finding: Finding = {
  organizationId: 'org',
  fingerprint: 'data-loss:job',
  severity: 'warning',
  class: 'data_loss',
  title: 'One file was lost',
  detail: 'a.geo',
};

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db
    .insertInto('organizations')
    .values({ id: 'org', name: 'Org', created_at: at(0).at })
    .execute();
});
afterAll(() => database.close());

const rowsOf = (fingerprint: string) =>
  database.db
    .selectFrom('alerts')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .orderBy('opened_at')
    .execute();

describe('raiseAlert', () => {
  it('S8 makes the same problem one alert with a count, its severity only rising', async () => {
    const first = await raiseAlert(database.db, finding, at(1));
    const second = await raiseAlert(
      database.db,
      { ...finding, severity: 'critical', title: 'Three files were lost', occurrences: 2 },
      at(2),
    );
    await raiseAlert(database.db, { ...finding, severity: 'info', title: 'Four files were lost' }, at(3));
    expect(second).toBe(first);
    const [row, ...others] = await rowsOf(finding.fingerprint);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      seen_count: 4,
      severity: 'critical',
      title: 'Four files were lost',
      status: 'open',
    });
    expect(row?.last_seen_at).toEqual(at(3).at);
  });

  it('S8 opens anew after it was resolved, and keeps the history', async () => {
    const reopening = { ...finding, fingerprint: 'reopens' };
    await raiseAlert(database.db, reopening, at(1));
    const resolution = { organizationId: 'org', fingerprint: 'reopens', reason: 'a good run' };
    expect(await resolveAlert(database.db, resolution, at(2))).toBe(true);
    expect(await resolveAlert(database.db, resolution, at(3))).toBe(false);
    await raiseAlert(database.db, reopening, at(4));
    const rows = await rowsOf('reopens');
    expect(rows.map((row) => row.status)).toEqual(['resolved', 'open']);
    const changes = await database.db
      .selectFrom('state_changes')
      .select(['old_state', 'new_state'])
      .where('subject_id', '=', rows[0]!.id)
      .orderBy('created_at')
      .execute();
    expect(changes).toEqual([
      { old_state: null, new_state: 'open' },
      { old_state: 'open', new_state: 'resolved' },
    ]);
  });

  it('S8 B11 of many that meet the same problem at once, none fails and none is lost', async () => {
    const rivals = { ...finding, fingerprint: 'rivals' };
    const ids = await Promise.all(Array.from({ length: 12 }, () => raiseAlert(database.db, rivals, at(5))));
    expect(new Set(ids).size).toBe(1);
    expect(await rowsOf('rivals')).toMatchObject([{ seen_count: 12 }]);
  });
});
