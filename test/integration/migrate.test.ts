import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../functions/platform/database/index.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { runScript } from '../support/scripts.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await migrate(database, { direction: 'down', target: 0 });
});
afterAll(() => database.close());

const run = (...args: string[]) => runScript('migrate', args, { DATABASE_URL: database.url });

describe('scripts/migrate', () => {
  it('A7 D8 makes an empty database whole, and has nothing to do the second time', async () => {
    const said = await run('--dry-run');
    expect(said).toMatchObject({ code: 0, output: expect.stringContaining('Would run: 001_base, ') });
    const [first, rival] = await Promise.all([run(), run()]);
    expect([first.code, rival.code]).toEqual([0, 0]);
    expect(await run('--contract', '--release-at', '2026-11-29T12:00:00Z')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Ran: nothing\.\nThe schema is at \d+\.\n$/),
    });
  });

  it('A7 D8 ends with 2 for what it cannot do, without a word of the password', async () => {
    const faults = [
      await run('--contract'),
      await run('--app-user', 'datasync-app'),
      await runScript('migrate', [], { DATABASE_URL: 'mysql://me:hunter2@host/x' }),
    ];
    expect(faults.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(faults.map(({ output }) => output).join()).not.toContain('hunter2');
  });
});
