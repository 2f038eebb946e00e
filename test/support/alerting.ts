import { json } from '../../functions/platform/database/index.ts';
import type { Finding } from '../../functions/alerts/finding.ts';
import { reconcileFindings } from '../../functions/alerts/reconcile.ts';
import { sealSecrets } from '../../functions/alerts/secretBox.ts';
import { sweepNotifications } from '../../functions/alerts/timers.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { type ScriptedServer, startScriptedServer } from './scriptedServer.ts';
import { type TestServices, testServices } from './services.ts';

export const minute = 60_000;

/** What an other side got, by alert title. */
export interface Heard {
  readonly transition: string;
  readonly title: string;
  readonly deliveryId: string;
  readonly detail: string;
  readonly runnerName: string | null;
}

/** An organization `org` with runners and channels, the clock at noon of 22 November 2026 UTC, and real servers as other sides. */
export interface Alerting {
  readonly database: TestDatabase;
  readonly services: TestServices;
  /** The other side of every channel. */
  readonly server: ScriptedServer;
  /** A webhook channel; a rule sends everything through it, unless told otherwise. */
  addChannel(id: string, more?: { enabled?: boolean; url?: string; rule?: boolean }): Promise<void>;
  addRule(name: string, rule: { position?: number; match?: object; to: readonly string[] }): Promise<void>;
  addRunner(id: string, groupId?: string): Promise<void>;
  addJob(id: string, runnerId: string): Promise<void>;
  /** One look of the check `sweep-test`. */
  look(findings: readonly Finding[], more?: object): ReturnType<typeof reconcileFindings>;
  /** A minute later: what is owed is told, what is due is sent. */
  sweep(afterMs?: number): Promise<void>;
  /** What the other side got since it was last asked. */
  heard(): Heard[];
  alerts(): Promise<Awaited<ReturnType<typeof allAlerts>>>;
  outbox(): Promise<{ transition: string; status: string; dedup_key: string; attempts: number }[]>;
  /** Everything of alerts is gone, rules and channels too. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openAlerting(): Promise<Alerting> {
  const database = await openTestDatabase();
  const server = await startScriptedServer();
  const services = testServices({ database, startAt: new Date('2026-11-22T12:00:00.000Z') });
  const { db } = database;
  const at = new Date('2026-01-01T00:00:00.000Z');
  await db.insertInto('organizations').values({ id: 'org', name: 'Org', created_at: at }).execute();
  const sweep = async (afterMs = minute): Promise<void> => {
    services.advance(afterMs);
    await sweepNotifications(services);
  };
  const addRule: Alerting['addRule'] = async (name, { position = 10, match = {}, to }) => {
    const routes = to.map((channelId) => ({ channelId, recipients: [] }));
    await db
      .insertInto('alert_rules')
      .values({
        id: `rule-${name}`,
        organization_id: 'org',
        name,
        position,
        enabled: true,
        match_json: json({ minSeverity: 'info', ...match }),
        routes_json: json(routes),
        version: 1,
        created_at: at,
        updated_at: at,
      })
      .execute();
  };
  return {
    database,
    services,
    server,
    addRule,
    sweep,
    addChannel: async (id, { enabled = true, url = server.url, rule = true } = {}) => {
      const box = sealSecrets(services.settings.AUTH_SECRET, id, { url });
      await db
        .insertInto('notification_channels')
        .values({
          id,
          organization_id: 'org',
          kind: 'webhook',
          name: id,
          enabled,
          config_json: json({}),
          secret_box: box,
          version: 1,
          created_at: at,
          updated_at: at,
        })
        .execute();
      if (rule) await addRule(id, { to: [id] });
    },
    addRunner: async (id, groupId) => {
      if (groupId !== undefined)
        await db
          .insertInto('runner_groups')
          .values({ id: groupId, organization_id: 'org', name: groupId, created_at: at })
          .execute();
      await db
        .insertInto('runners')
        .values(runnerRow(id, groupId ?? null, at))
        .execute();
    },
    addJob: async (id, runnerId) => {
      await db
        .insertInto('jobs')
        .values(jobRow(id, runnerId, at))
        .execute();
    },
    look: async (findings, more = {}) =>
      reconcileFindings(services, { source: 'sweep-test', findings, at: services.now(), ...more }),
    heard: () => server.requests.splice(0).map(({ body }) => JSON.parse(body) as Heard),
    alerts: () => allAlerts(database),
    outbox: () =>
      db
        .selectFrom('notifications')
        .select(['transition', 'status', 'dedup_key', 'attempts'])
        .orderBy('dedup_key')
        .execute(),
    clear: async () => {
      await db.deleteFrom('notifications').execute();
      await db.deleteFrom('alerts').execute();
      await db.deleteFrom('alert_rules').execute();
      await db.deleteFrom('notification_channels').execute();
      await db.deleteFrom('maintenance_windows').execute();
      await db.deleteFrom('state_changes').execute();
      await db.deleteFrom('timer_ticks').execute();
      server.requests.length = 0;
      server.script({ status: 200 });
    },
    close: async () => {
      await server.close();
      await database.close();
    },
  };
}

async function allAlerts({ db }: TestDatabase) {
  return db.selectFrom('alerts').selectAll().orderBy('id').execute();
}

export function finding(fingerprint: string, more: Partial<Finding> = {}): Finding {
  return {
    organizationId: 'org',
    fingerprint,
    severity: 'critical',
    class: 'operational',
    title: fingerprint,
    detail: `detail of ${fingerprint}`,
    ...more,
  };
}

function runnerRow(id: string, groupId: string | null, at: Date) {
  return {
    id,
    organization_id: 'org',
    group_id: groupId,
    name: id.toUpperCase(),
    host_name: id,
    platform: 'win32 x64',
    time_zone: 'UTC',
    status: 'active' as const,
    generation: 1,
    key_slot: id,
    share_name: `share-${id}`,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}

function jobRow(id: string, runnerId: string, at: Date) {
  return {
    id,
    organization_id: 'org',
    runner_id: runnerId,
    name: id,
    kind: 'tree' as const,
    source_path: '/data',
    share_name: `share-${runnerId}`,
    share_path: '',
    schedule_seconds: 300,
    include_json: json([]),
    exclude_json: json([]),
    enabled: true,
    config_version: 1,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}
