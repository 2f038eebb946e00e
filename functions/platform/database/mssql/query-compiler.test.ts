import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { describe, expect, it } from 'vitest';
import { compileTSql, tSqlFaultOf } from '../../../../test/support/t-sql.ts';
import { containsText, databaseNow, json, jsonText, rowsFrom, startsWith } from '../index.ts';
import type { Schema } from '../index.ts';
import { upsertStatement } from '../fragments/upsert-statement.ts';

const db = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (any) => new PostgresIntrospector(any),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

function tSql(query: { toOperationNode(): unknown }): string {
  const text = compileTSql(query.toOperationNode() as never).sql;
  expect(tSqlFaultOf(text), text).toBeUndefined();
  return text;
}

const runs = db.selectFrom('sync_runs');

describe('A7 T-SQL from the same tree', () => {
  it('ends an ordered select by OFFSET and FETCH, another by TOP', () => {
    expect(tSql(runs.select('id').orderBy('id', 'desc').limit(5))).toBe(
      'select "id" from "sync_runs" order by "id" desc offset 0 rows fetch next @p1 rows only',
    );
    expect(tSql(runs.select('id').limit(5))).toBe('select top(5) "id" from "sync_runs"');
    expect(tSql(runs.select('id').orderBy('id').offset(10).limit(5))).toContain(
      'offset @p1 rows fetch next @p2 rows only',
    );
  });

  it('gives written rows back by OUTPUT', () => {
    const insert = db.insertInto('organizations').values({ id: 'a', name: 'b', created_at: new Date(0) });
    expect(tSql(insert.returning('id'))).toBe(
      'insert into "organizations" ("id", "name", "created_at") output "inserted"."id" values (@p1, @p2, @p3)',
    );
    expect(tSql(db.updateTable('jobs').set({ version: 2 }).where('id', '=', 'j').returningAll())).toBe(
      'update "jobs" set "version" = @p1 output "inserted".* where "id" = @p2',
    );
    expect(tSql(db.deleteFrom('sessions').where('user_id', '=', 'u').returning('token_hash as hash'))).toBe(
      'delete from "sessions" output "deleted"."token_hash" as "hash" where "user_id" = @p1',
    );
  });

  it('names the target of an update or a delete that has an alias', () => {
    const update = db.updateTable('jobs as j').set({ version: 2 }).where('j.id', '=', 'x');
    expect(tSql(update)).toBe('update "j" set "version" = @p1 from "jobs" as "j" where "j"."id" = @p2');
    const from = db
      .updateTable('jobs')
      .from('runners as r')
      .set({ version: 2 })
      .whereRef('r.id', '=', 'jobs.runner_id');
    expect(tSql(from)).toBe(
      'update "jobs" set "version" = @p1 from "runners" as "r" where "r"."id" = "jobs"."runner_id"',
    );
    expect(tSql(db.deleteFrom('jobs as j').where('j.id', '=', 'x'))).toBe(
      'delete "j" from "jobs" as "j" where "j"."id" = @p1',
    );
    expect(tSql(db.deleteFrom('jobs').using('runners as r').whereRef('r.id', '=', 'jobs.runner_id'))).toBe(
      'delete "jobs" from "jobs", "runners" as "r" where "r"."id" = "jobs"."runner_id"',
    );
  });

  it('compares bits where it wants a condition, and makes a bit of a condition', () => {
    const jobs = db.selectFrom('jobs');
    expect(tSql(jobs.select('id').where('enabled', 'is', true))).toContain('where "enabled" = 1');
    expect(tSql(jobs.select('id').where('enabled', 'is not', true))).toContain(
      'where ("enabled" = 0 or "enabled" is null)',
    );
    expect(tSql(jobs.select('id').where((eb) => eb.not(eb.ref('enabled'))))).toContain(
      'where not "enabled" = 1',
    );
    expect(tSql(jobs.select('id').where((eb) => eb.and([eb.ref('enabled'), eb('id', '=', 'x')])))).toContain(
      'where ("enabled" = 1 and "id" = @p1)',
    );
    expect(tSql(jobs.select((eb) => eb('version', '>', 1).as('changed')))).toBe(
      'select cast(case when "version" > @p1 then 1 else 0 end as bit) as "changed" from "jobs"',
    );
  });

  it('compares with null as a value where it was asked to', () => {
    expect(tSql(runs.select('id').where('job_id', 'is distinct from', 'x'))).toContain(
      'where exists (select "job_id" except select @p1)',
    );
    expect(tSql(runs.select('id').where('job_id', 'is', null))).toContain('where "job_id" is null');
  });

  it('locks rows by hints at every table', () => {
    const query = runs
      .innerJoin('jobs as j', 'j.id', 'sync_runs.job_id')
      .select('j.id')
      .forUpdate()
      .skipLocked();
    expect(tSql(query)).toBe(
      'select "j"."id" from "sync_runs" with (updlock, rowlock, readpast) inner join "jobs" as "j" with (updlock, rowlock, readpast) on "j"."id" = "sync_runs"."job_id"',
    );
  });

  it('orders nulls where they were asked for, and counts what a filter lets through', () => {
    expect(tSql(runs.select('id').orderBy('ended_at', (order) => order.desc().nullsLast()))).toContain(
      'order by case when "ended_at" is null then 1 else 0 end, "ended_at" desc',
    );
    expect(
      tSql(runs.select((eb) => eb.fn.countAll().filterWhere('status', '=', 'failed').as('failed'))),
    ).toBe('select count(case when "status" = @p1 then 1 end) as "failed" from "sync_runs"');
  });

  it('casts to its own types, and gives a selected text a type', () => {
    expect(tSql(runs.select((eb) => eb.cast('version', 'text').as('v')))).toContain(
      'cast("version" as nvarchar(max))',
    );
    expect(tSql(runs.select((eb) => eb.val('x').as('v')))).toContain('cast(@p1 as nvarchar(max)) as "v"');
  });

  it('has a text of its own for every fragment', () => {
    const rows = rowsFrom('r', { id: 'id', key: 'key', note_json: 'json?' }, [
      { id: 'a', key: Buffer.alloc(32), note_json: json({ path: 'C:\\x' }) },
    ]);
    expect(tSql(db.selectFrom(rows).selectAll())).toBe(
      `select * from (select top (2147483647) "id" collate Latin1_General_BIN2 as "id", convert(binary(32), "key", 2) as "key", replace(replace(replace("note_json" collate Latin1_General_BIN2, '~22', nchar(34)), '~5c', nchar(92)), '~7e', nchar(126)) as "note_json" from openjson(@p1) with ("id" nvarchar(1200) '$.id', "key" nvarchar(64) '$.key', "note_json" nvarchar(max) '$.note_json') as json_rows) as "r"`,
    );
    tSql(runs.select('id').where('lease_until', '<', databaseNow(-90_500)));
    tSql(runs.select(jsonText('payload_json', 'folder').as('folder')));
    expect(
      compileTSql(runs.select('id').where(startsWith('id', 'tga_100%[')).toOperationNode()).parameters,
    ).toEqual(['tga~_100~%~[%']);
    tSql(runs.select('id').where(containsText('sync_type', 'x')));
  });

  it('B11 updates, then inserts what is absent, under locks on key and gap; the rows are sent once', () => {
    const rows = [{ id: 'a'.repeat(400), name: 'n'.repeat(2_000), created_at: new Date(0) }];
    const statement = upsertStatement({
      table: 'organizations',
      columns: { id: 'id', name: 'text', created_at: 'instant' },
      rows,
      key: ['id'],
      update: ['name'],
      set: {},
      guard: undefined,
    });
    const text = tSql(statement);
    expect(text).toContain(
      'update existing set "name" = "excluded"."name" from "organizations" as existing with (updlock, serializable) inner join (',
    );
    expect(text).toContain(
      'where not exists (select 1 from "organizations" as existing with (updlock, serializable) where "existing"."id" = "excluded"."id");',
    );
    expect(compileTSql(statement.toOperationNode() as never).parameters).toHaveLength(1);
  });

  it.each([
    [
      'on conflict',
      db
        .insertInto('organizations')
        .values({ id: 'a', name: 'b', created_at: new Date(0) })
        .onConflict((c) => c.doNothing()),
    ],
    ['like', runs.select('id').where('id', 'like', 'a%')],
    ['a JSON operator', runs.select(sql`payload_json`.as('p')).where('id', '@>' as never, 'x')],
    ['a function of PostgreSQL', runs.select((eb) => eb.fn('date_trunc', ['id']).as('x'))],
    ['distinct on', runs.distinctOn('id').select('id')],
    ['a limited delete', db.deleteFrom('sessions').limit(1)],
    ['a tuple', runs.select('id').where((eb) => eb(eb.refTuple('id', 'sync_type'), '=', eb.tuple('a', 'b')))],
    [
      'an expression returned',
      db.deleteFrom('sessions').returning((eb) => eb.fn('lower', ['user_id']).as('x')),
    ],
  ])('refuses %s, which it cannot say', (_what, query) => {
    expect(() => compileTSql(query.toOperationNode())).toThrow(/in T-SQL: wanted/);
  });

  it.each([
    'select now() as n',
    "select a::text from t where b = 'x'",
    'select a || b as c from t',
    'select a from t limit 5',
    'merge into t using u on 1 = 1 when matched then delete;',
    'selec a from t',
    'select a from t where a is true',
  ])('finds by reading that %s is no T-SQL of the subset', (text) => {
    expect(tSqlFaultOf(text)).toBeDefined();
  });
});
