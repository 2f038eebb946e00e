import { describe, expect, it, onTestFinished } from 'vitest';
import { syntaxErrorOf } from '../../../../test/support/t-sql-parser.ts';
import { startFakeSqlServer } from '../../../../test/support/tds/fakeSqlServer.ts';
import { letAppIn, openDatabase } from '../index.ts';
import { appUserBatches } from './app-user.ts';

const clientId = '7d3f6ca5-2c5b-4f0a-9d6e-0b4f7f6f2a11';

describe('A6 D1 the app’s user in Azure SQL', () => {
  it('A6 D1 is let in by T-SQL that the server’s grammar takes', () => {
    for (const batch of [
      ...appUserBatches({ name: 'datasync-app' }),
      ...appUserBatches({ name: 'x', clientId }),
    ])
      expect(syntaxErrorOf(batch), batch).toBeUndefined();
  });

  it('A6 D1 reads and writes rows, and nothing else', () => {
    const text = appUserBatches({ name: 'datasync-app', clientId }).join('\n');
    expect([...text.matchAll(/ALTER ROLE (\w+) ADD/g)].map(([, role]) => role)).toEqual([
      'db_datareader',
      'db_datawriter',
    ]);
    expect(text).not.toMatch(/GRANT|PASSWORD/i);
  });

  it.each(['x]; DROP TABLE runs; --', "o'neill", ''])(
    'A6 D1 refuses %j, which no identity is called',
    (name) => {
      expect(() => appUserBatches({ name })).toThrow(/wanted the name of an identity/);
    },
  );

  it('A6 D1 refuses a client id that is none', () => {
    expect(() => appUserBatches({ name: 'x', clientId: "' OR 1=1" })).toThrow(/wanted a GUID/);
  });

  it('A6 D1 the driver sends it batch by batch, and stops at the first that the server refuses', async () => {
    const server = await startFakeSqlServer();
    const database = await openDatabase({ url: server.url });
    onTestFinished(async () => {
      await database.close();
      await server.close();
    });
    await letAppIn(database, { name: 'datasync-app' });
    expect(server.heard).toEqual(appUserBatches({ name: 'datasync-app' }));
    const notAdministrator = 15247;
    server.fault = (statement) => (statement.includes('CREATE USER') ? notAdministrator : undefined);
    server.heard.length = 0;
    await expect(letAppIn(database, { name: 'datasync-app' })).rejects.toThrow();
    expect(server.heard).toHaveLength(1);
  });
});
