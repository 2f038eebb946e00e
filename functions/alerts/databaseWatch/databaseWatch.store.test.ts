import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { json } from '../../platform/database/index.ts';
import { criticalChannels } from './criticalChannels.ts';
import { recordPages } from './record.ts';
import { type FinishedPage, noWatchState } from './watchState.ts';

let database: TestDatabase;
const at = new Date('2026-11-22T12:00:00Z');

beforeAll(async () => {
  database = await openTestDatabase();
  const organization = (id: string) => ({ id, name: `Name of ${id}`, created_at: at });
  await database.db
    .insertInto('organizations')
    .values([organization('ruled'), organization('plain'), organization('silent')])
    .execute();
  const channel = (id: string, organizationId: string, kind: 'webhook' | 'pagerduty' | 'teams') => ({
    id,
    organization_id: organizationId,
    kind,
    name: id,
    enabled: id !== 'off',
    config_json: json({ url: 'https://events.example/v2/enqueue' }),
    secret_box: `box of ${id}`,
    version: 1,
    created_at: at,
    updated_at: at,
  });
  await database.db
    .insertInto('notification_channels')
    .values([
      channel('pager', 'ruled', 'pagerduty'),
      channel('chat', 'ruled', 'teams'),
      channel('hook', 'plain', 'webhook'),
      channel('off', 'plain', 'webhook'),
    ])
    .execute();
  await database.db
    .insertInto('alert_rules')
    .values({
      id: 'rule',
      organization_id: 'ruled',
      name: 'critical',
      position: 1,
      enabled: true,
      match_json: json({ minSeverity: 'critical' }),
      routes_json: json([{ channelId: 'pager', recipients: [] }]),
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
});
afterAll(() => database.close());

it('S9 a page about the database goes where rules send critical alerts, else to all that are enabled', async () => {
  const channels = await criticalChannels(database.db, at);
  expect(channels.map(({ channelId, organizationName }) => [channelId, organizationName])).toEqual([
    ['hook', 'Name of plain'],
    ['pager', 'Name of ruled'],
  ]);
  expect(channels[1]).toMatchObject({
    kind: 'pagerduty',
    secretBox: 'box of pager',
    config: { url: 'https://events.example/v2/enqueue' },
  });
});

it('S9 what was sent without the database stands among the deliveries afterwards, once', async () => {
  const page = (deliveryId: string, more: Partial<FinishedPage> = {}): FinishedPage => ({
    deliveryId,
    channelId: 'pager',
    alertId: 'outage',
    transition: 'opened',
    trouble: 'silent',
    since: at.toISOString(),
    occurredAt: at.toISOString(),
    attempts: 2,
    nextAttemptAt: at.toISOString(),
    endedAt: at.toISOString(),
    delivered: true,
    error: null,
    responseStatus: 202,
    ...more,
  });
  const channels = await criticalChannels(database.db, at);
  const finished = [
    page('taken'),
    page('refused', { delivered: false, error: 'answered 404', responseStatus: 404 }),
    page('of a channel that is gone', { channelId: 'gone' }),
  ];
  await recordPages(database.db, { ...noWatchState, channels, finished });
  await recordPages(database.db, { ...noWatchState, channels, finished });
  const rows = database.db
    .selectFrom('notifications')
    .select(['id', 'status', 'delivered_at', 'last_error', 'organization_id'])
    .orderBy('id');
  expect(await rows.execute()).toEqual([
    {
      id: 'refused',
      status: 'failed',
      delivered_at: null,
      last_error: 'answered 404',
      organization_id: 'ruled',
    },
    { id: 'taken', status: 'delivered', delivered_at: at, last_error: null, organization_id: 'ruled' },
  ]);
});
