import { expect, it } from 'vitest';
import { statementName } from './statements.ts';

it.each([
  ['select "id" from "runners" where "id" in ($1)', 'select runners'],
  ['insert into "timer_ticks" as existing ("a") select "excluded"."a" from (select 1)', 'insert timer_ticks'],
  ['UPDATE [sync_runs] SET [a] = @p1', 'update sync_runs'],
  [
    'select x from jsonb_to_recordset($1::jsonb) as r inner join "synced_files" on 1 = 1',
    'select synced_files',
  ],
  ['select 1 as answer', 'select'],
  ['', 'statement'],
])('D5 a statement is named for what it does to what: %s', (sql, name) => {
  expect(statementName(sql)).toBe(name);
});
