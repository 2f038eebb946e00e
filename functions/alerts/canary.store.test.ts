import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { type ScriptedServer, startScriptedServer } from '../../test/support/scriptedServer.ts';
import { testServices, type TestServices } from '../../test/support/services.ts';
import { json } from '../platform/database/index.ts';
import { sendCanaries } from './canary.ts';
import { deliverDue } from './deliver.ts';
import { CHANNEL_FAILING } from './routing.ts';
import { sealSecrets } from './secretBox.ts';

let database: TestDatabase;
let services: TestServices;
let broken: ScriptedServer;
let sound: ScriptedServer;

const day = 24 * 3_600_000;

beforeAll(async () => {
  database = await openTestDatabase();
  [broken, sound] = await Promise.all([startScriptedServer(), startScriptedServer()]);
  await database.db
    .insertInto('organizations')
    .values({ id: 'org', name: 'Org', created_at: new Date() })
    .execute();
});
beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('notifications').execute();
  await db.deleteFrom('alerts').execute();
  await db.deleteFrom('notification_channels').execute();
  services = testServices({ database, startAt: new Date('2026-11-22T06:30:01Z') });
  for (const server of [broken, sound]) {
    server.script({ status: 200 });
    server.requests.length = 0;
  }
});
afterAll(async () => {
  await Promise.all([broken.close(), sound.close()]);
  await database.close();
});

async function addChannel(
  id: string,
  kind: 'webhook' | 'email',
  more: { readonly url?: string; readonly config?: object; readonly enabled?: boolean } = {},
): Promise<void> {
  const at = services.now();
  const { AUTH_SECRET } = services.settings;
  await database.db
    .insertInto('notification_channels')
    .values({
      id,
      organization_id: 'org',
      kind,
      name: id,
      enabled: more.enabled ?? true,
      config_json: json(more.config ?? {}),
      secret_box: more.url === undefined ? null : sealSecrets(AUTH_SECRET, id, { url: more.url }),
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
}

const canaries = () =>
  database.db
    .selectFrom('notifications')
    .select(['dedup_key', 'channel_id', 'status', 'alert_id'])
    .where('transition', '=', 'canary')
    .orderBy('dedup_key')
    .execute();
const sent = (server: ScriptedServer) =>
  server.requests.map(
    ({ body }) => JSON.parse(body) as { transition: string; severity: string; title: string },
  );
const liveAlerts = () =>
  database.db.selectFrom('alerts').select('fingerprint').where('status', '=', 'open').execute();

describe('the canary', () => {
  it('S15 travels every enabled channel once a day, as information that nobody is paged for', async () => {
    await addChannel('one', 'webhook', { url: sound.url });
    await addChannel('two', 'webhook', { url: sound.url });
    await addChannel('off', 'webhook', { url: sound.url, enabled: false });
    await Promise.all([sendCanaries(services, services.now()), sendCanaries(services, services.now())]);
    services.advance(3_600_000);
    await sendCanaries(services, services.now());
    await deliverDue(services);
    await deliverDue(services);
    expect(sent(sound)).toMatchObject([
      { transition: 'canary', severity: 'info' },
      { transition: 'canary', severity: 'info' },
    ]);
    expect(await canaries()).toEqual([
      { dedup_key: 'canary:2026-11-22:one', channel_id: 'one', status: 'delivered', alert_id: null },
      { dedup_key: 'canary:2026-11-22:two', channel_id: 'two', status: 'delivered', alert_id: null },
    ]);
    services.advance(day);
    await sendCanaries(services, services.now());
    expect(await canaries()).toHaveLength(4);
  });

  it('S15 B41 a channel that stopped working is reported through another one, and so is its mending', async () => {
    await addChannel('broken', 'webhook', { url: broken.url });
    await addChannel('sound', 'webhook', { url: sound.url });
    broken.script({ status: 200, body: '{"error":"this connector was retired"}' }, { status: 410 });
    await sendCanaries(services, services.now());
    for (let minute = 0; minute < 70; minute += 1) {
      await deliverDue(services);
      services.advance(60_000);
    }
    expect(await liveAlerts()).toEqual([{ fingerprint: `${CHANNEL_FAILING}broken` }]);
    expect(sent(sound)).toMatchObject([
      { transition: 'canary' },
      { transition: 'opened', title: expect.stringContaining('broken') as string },
    ]);

    broken.script({ status: 200 });
    services.advance(day);
    await sendCanaries(services, services.now());
    await deliverDue(services);
    await deliverDue(services);
    expect(await liveAlerts()).toEqual([]);
    expect(sent(sound).map(({ transition }) => transition)).toEqual([
      'canary',
      'opened',
      'canary',
      'resolved',
    ]);
  });

  it('S15 goes to those whom a rule names where a mail channel names nobody, and to nobody for want of any', async () => {
    const config = { from: 'sync@example.org', host: 'mail.example', port: 25, security: 'none' };
    await addChannel('own', 'email', { config: { ...config, defaultRecipients: ['own@example.org'] } });
    await addChannel('ruled', 'email', { config: { ...config, defaultRecipients: [] } });
    await addChannel('idle', 'email', { config: { ...config, defaultRecipients: [] } });
    const at = services.now();
    await database.db
      .insertInto('alert_rules')
      .values({
        id: 'rule',
        organization_id: 'org',
        name: 'rule',
        position: 1,
        enabled: true,
        match_json: json({ minSeverity: 'critical' }),
        routes_json: json([{ channelId: 'ruled', recipients: ['duty@example.org'] }]),
        version: 1,
        created_at: at,
        updated_at: at,
      })
      .execute();
    expect(await sendCanaries(services, at)).toEqual({ examined: 3, changed: 2 });
    const rows = database.db.selectFrom('notifications').select(['channel_id', 'recipients_json']);
    expect(await rows.orderBy('channel_id').execute()).toEqual([
      { channel_id: 'own', recipients_json: ['own@example.org'] },
      { channel_id: 'ruled', recipients_json: ['duty@example.org'] },
    ]);
    await database.db.deleteFrom('alert_rules').execute();
  });
});
