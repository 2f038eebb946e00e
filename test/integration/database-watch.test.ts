import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealSecrets } from '../../functions/alerts/secretBox.ts';
import { openWatchBlob, type WatchBlob } from '../../functions/alerts/databaseWatch/watchBlob.ts';
import type { WatchState } from '../../functions/alerts/databaseWatch/watchState.ts';
import { watchDatabase } from '../../functions/alerts/databaseWatch/watch.ts';
import { type Database, json, migrate, openDatabase } from '../../functions/platform/database/index.ts';
import { type Azurite, startAzurite } from '../../local/azurite/index.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../local/database/embedded.ts';
import { openDatabaseQuota } from '../support/database-quota.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scriptedServer.ts';
import { testServices, type TestServices } from '../support/services.ts';

let folder: string;
let azurite: Azurite;
let postgres: EmbeddedPostgres;
let server: ScriptedServer;
let hosts: readonly {
  readonly services: TestServices;
  readonly database: Database;
  readonly blob: WatchBlob;
}[];

const settleSeconds = 120;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasync-database-watch-'));
  azurite = await startAzurite({ dataDir: join(folder, 'azurite'), log: () => undefined });
  server = await startScriptedServer();
  postgres = await startDatabase();
  const database = await openDatabase({ url: postgres.url, poolMax: 1 });
  await migrate(database);
  await insertChannels(database);
  await database.close();
});
afterAll(async () => {
  await Promise.allSettled([azurite.close(), postgres.close(), server.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** Two hosts with a pool each, on one database and one storage account; every test has a watch of its own. */
beforeEach(async () => {
  server.script({ status: 200 });
  server.requests.length = 0;
  const startAt = new Date();
  hosts = await Promise.all(
    [1, 2].map(async () => {
      const database = await openDatabase({ url: postgres.url, poolMax: 2, acquireTimeoutMs: 2000 });
      const settings = {
        AzureWebJobsStorage: azurite.connectionString,
        DATABASE_DOWN_SECONDS: settleSeconds,
      };
      const services = testServices({ database, settings, startAt });
      return { services, database, blob: openWatchBlob({ connectionString: azurite.connectionString }) };
    }),
  );
  await pass(0);
});
afterEach(async () => {
  await Promise.all(hosts.map(({ database }) => database.close()));
});

async function startDatabase(port = 0): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durability: 'off', port });
}

async function insertChannels({ db }: Database): Promise<void> {
  const at = new Date();
  await db.insertInto('organizations').values({ id: 'org', name: 'Org', created_at: at }).execute();
  const secrets = {
    url: `${server.url}/page?sig=s3cr3t-signature`,
    signingKey: 'signing-key-of-32-characters-xxx',
  };
  const row = (id: string, enabled: boolean) => ({
    id,
    organization_id: 'org',
    kind: 'webhook' as const,
    name: id,
    enabled,
    config_json: json({}),
    secret_box: sealSecrets('a'.repeat(44), id, secrets),
    version: 1,
    created_at: at,
    updated_at: at,
  });
  await db
    .insertInto('notification_channels')
    .values([row('pages', true), row('switched-off', false)])
    .execute();
}

/** Time passes for both hosts, and then both look at once. */
async function pass(seconds: number): Promise<void> {
  for (const { services } of hosts) services.advance(seconds * 1000);
  await Promise.all(hosts.map(({ services, blob }) => watchDatabase(services, blob)));
}

const transitions = (): unknown[] =>
  server.requests.map(({ body }) => (JSON.parse(body) as { transition: unknown }).transition);
const deliveries = () =>
  hosts[0]!.database.db
    .selectFrom('notifications')
    .select(['transition', 'status', 'id', 'channel_id'])
    .where('alert_id', 'is', null)
    .orderBy('created_at')
    .execute();

describe('the watch over the database', () => {
  it('S9 S13 B40 a database that is gone is one page from two hosts, and one all-clear', async () => {
    await postgres.close();
    await pass(0);
    await pass(60);
    expect(server.requests).toEqual([]);
    await pass(61);
    await pass(30);
    expect(transitions()).toEqual(['opened']);
    expect(JSON.parse(server.requests[0]?.body ?? '{}')).toMatchObject({
      title: 'The database does not answer',
      severity: 'critical',
      organizationName: 'Org',
    });

    postgres = await startDatabase(postgres.port);
    await pass(30);
    expect(transitions()).toEqual(['opened']);
    await pass(121);
    await pass(30);
    expect(transitions()).toEqual(['opened', 'resolved']);
    const ids = server.requests.map(({ headers }) => headers['x-datasync-delivery']);
    expect(await deliveries()).toEqual([
      { transition: 'opened', status: 'delivered', id: ids[0], channel_id: 'pages' },
      { transition: 'resolved', status: 'delivered', id: ids[1], channel_id: 'pages' },
    ]);
  });

  it('S4 S9 B35 a database that is full, and so takes no alert and no tick, is a page too', async () => {
    const quota = await openDatabaseQuota(postgres.url);
    try {
      await quota.fillUp();
      await pass(0);
      await pass(60);
      expect(server.requests).toEqual([]);
      await pass(61);
      await pass(30);
      expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
        { transition: 'opened', title: 'The database is full', severity: 'critical' },
      ]);
    } finally {
      await quota.raise();
      await quota.close();
    }
    await pass(30);
    await pass(121);
    expect(server.requests.slice(1).map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { transition: 'resolved', title: 'The database has room again' },
    ]);
  });

  it('S9 a database that a failover left read-only answers, and is a page all the same', async () => {
    const takeWrites = (isReadOnly: boolean) =>
      sql.raw(`alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
    const [{ database }] = hosts as [(typeof hosts)[number]];
    const reload = sql`select pg_reload_conf()`;
    await takeWrites(true).execute(database.db);
    await reload.execute(database.db);
    await pass(30);
    await pass(121);
    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { transition: 'opened', title: 'The database takes no writes' },
    ]);
    await sql`set default_transaction_read_only = off`.execute(database.db);
    await takeWrites(false).execute(database.db);
    await reload.execute(database.db);
    await pass(30);
    await pass(121);
    await pass(30);
    expect(transitions()).toEqual(['opened', 'resolved']);
  });

  it('S9 B40 a page that was not taken is sent again with the same id, by whichever host', async () => {
    server.script({ status: 500 }, 'reset', { status: 200 });
    await postgres.close();
    await pass(0);
    for (let turn = 0; turn < 12; turn += 1) await pass(60);
    const ids = server.requests.map(({ headers }) => headers['x-datasync-delivery']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    postgres = await startDatabase(postgres.port);
    await pass(30);
    await pass(121);
    expect(transitions().at(-1)).toBe('resolved');
  });

  it('S9 a host that alone has no answer pages nobody', async () => {
    const [well, cutOff] = hosts;
    await cutOff!.database.close();
    const unreachable = postgres.url.replace(`:${String(postgres.port)}/`, ':9/');
    const database = await openDatabase({ url: unreachable, poolMax: 1, acquireTimeoutMs: 2000 });
    hosts = [well!, { ...cutOff!, database, services: { ...cutOff!.services, database } }];
    for (let turn = 0; turn < 10; turn += 1) {
      // Not at once: of two at once one leaves the decision to the other.
      for (const { services, blob } of hosts) {
        services.advance(30_000);
        await watchDatabase(services, blob);
      }
    }
    expect(server.requests).toEqual([]);
  });

  it('S9 a host that dies with the page half sent leaves it to the next, with the same id', async () => {
    await postgres.close();
    const [first, second] = hosts;
    await watchDatabase(first!.services, first!.blob);
    for (const { services } of hosts) services.advance(121_000);
    // It saves what it will send, sends it, and is gone before it can save that it did.
    const dying: WatchBlob = {
      ...first!.blob,
      hold: (work) =>
        first!.blob.hold(async (state, save) => {
          let saves = 0;
          return work(state, async (next) => {
            saves += 1;
            if (saves > 1) throw new Error('killed');
            await save(next);
          });
        }),
    };
    await expect(watchDatabase(first!.services, dying)).rejects.toThrow('killed');
    await watchDatabase(second!.services, second!.blob);
    const ids = server.requests.map(({ headers }) => headers['x-datasync-delivery']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    postgres = await startDatabase(postgres.port);
    await pass(30);
    await pass(121);
  });

  it('S9 B40 a look while another host saves sees what was before or what is after, and never a part', async () => {
    const [{ blob }, other] = hosts as [(typeof hosts)[number], (typeof hosts)[number]];
    const before = await blob.read();
    const long = { ...before, alertId: 'a'.repeat(2000) };
    const saved = new AbortController();
    const saves = other.blob.hold(async (_, save) => {
      for (let turn = 0; turn < 40; turn += 1) await save(turn % 2 === 0 ? long : before);
      saved.abort();
    });
    const seen: WatchState[] = [];
    while (!saved.signal.aborted) seen.push(await blob.read());
    await saves;
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.filter(({ alertId }) => alertId !== before.alertId && alertId !== long.alertId)).toEqual([]);
    expect(new Set(seen.map(({ channelsReadAt }) => channelsReadAt))).toEqual(
      new Set([before.channelsReadAt]),
    );
  });

  it('S9 keeps secrets sealed in the blob', async () => {
    const { channels } = await hosts[0]!.blob.read();
    expect(channels.map(({ channelId }) => channelId)).toEqual(['pages']);
    expect(JSON.stringify(channels)).not.toMatch(/s3cr3t|signing-key/);
  });

  it('S9 while all is well, a look leaves the blob alone', async () => {
    const [{ services, blob }] = hosts as [(typeof hosts)[number]];
    let held = 0;
    const counting: WatchBlob = {
      ...blob,
      hold: (work) => {
        held += 1;
        return blob.hold(work);
      },
    };
    for (let turn = 0; turn < 4; turn += 1) {
      services.advance(30_000);
      await watchDatabase(services, counting);
    }
    expect(held).toBe(0);
  });
});
