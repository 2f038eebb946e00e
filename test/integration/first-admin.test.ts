import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { runScript } from '../support/scripts.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const run = (...args: string[]) => runScript('first-admin', args, { DATABASE_URL: database.url });
const users = () =>
  database.db.selectFrom('users').select(['email', 'role', 'disabled_at', 'password_hash']).execute();

it('A3 D1 the first admin of a new platform is made by whoever holds its database, and let in again when nobody is', async () => {
  const first = await run('Ada@example.com', '--name', 'Ada');
  expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/is an admin now.*:\n[\w-]{24}\n$/) });
  const [made] = await users();
  expect(made).toMatchObject({ email: 'Ada@example.com', role: 'admin', disabled_at: null });
  expect(made?.password_hash).not.toContain(first.output.split('\n')[1]);
  await database.db.updateTable('users').set({ disabled_at: new Date() }).execute();
  expect(await run('ada@example.com')).toMatchObject({
    code: 0,
    output: expect.stringContaining('has a new password'),
  });
  const [again, ...more] = await users();
  expect(more).toEqual([]);
  expect(again).toMatchObject({ role: 'admin', disabled_at: null });
  expect(again?.password_hash).not.toBe(made?.password_hash);
});

it('A3 what is no address is refused', async () => {
  expect(await run('ada')).toMatchObject({
    code: 2,
    output: expect.stringContaining('wanted: one e-mail address'),
  });
});
