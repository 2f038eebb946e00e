import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessHandlers } from '../../functions/access/index.ts';
import { alertHandlers, raiseAlert, reconcileFindings } from '../../functions/alerts/index.ts';
import { auditHandlers } from '../../functions/audit/index.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import { writeContext } from '../../functions/platform/runs/index.ts';
import { finding } from '../support/alerting.ts';
import { type ApiCall, callApi } from '../support/call-api.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scriptedServer.ts';

let hosted: HostedApp;
let server: ScriptedServer;
const call: ApiCall = (path, parts) => callApi(hosted.url, path, parts);

/** The first admin's organization, and one that it must not reach into. */
const own = 'default';
let asAdmin: Record<string, string>;
const as = (method: string, path: string, body?: unknown) =>
  call(path, { method, headers: asAdmin, ...(body === undefined ? {} : { body }) });

beforeAll(async () => {
  const handlers = [
    ...accessHandlers,
    ...alertHandlers,
    ...auditHandlers({ timers: () => [] }),
    ...observatoryHandlers,
  ];
  [hosted, server] = await Promise.all([startHostedApp({ handlers }), startScriptedServer()]);
  asAdmin = { authorization: `Bearer ${hosted.admin.token}` };
  await hosted.database.db
    .insertInto('organizations')
    .values({ id: 'other', name: 'Other', created_at: new Date() })
    .execute();
});
beforeEach(async () => {
  const { db } = hosted.database;
  await db.deleteFrom('notifications').execute();
  await db.deleteFrom('alerts').execute();
  await db.deleteFrom('alert_rules').execute();
  await db.deleteFrom('notification_channels').execute();
  await db.deleteFrom('audit_log').execute();
  server.requests.length = 0;
  server.script({ status: 200 });
});
afterAll(async () => {
  await hosted.close();
  await server.close();
});

const look = async (names: readonly string[], organizationId = own, source = 'sweep-test') =>
  reconcileFindings(hosted.services, {
    source,
    scope: { organizationId },
    findings: names.map((name) => finding(name, { organizationId, title: name })),
    at: hosted.services.now(),
  });
const webhook = (more: object = {}) => ({
  kind: 'webhook',
  name: 'hook',
  enabled: true,
  url: `${server.url}/hook?sig=hush-hush`,
  ...more,
});
async function newChannel(more: object = {}): Promise<{ channelId: string; version: number }> {
  const { status, body } = await as('POST', '/api/admin/channels', webhook(more));
  expect(status).toBe(201);
  return body.channel as { channelId: string; version: number };
}
const alertIds = async (query = '') =>
  (await as('GET', `/api/alerts${query}`)).body.alerts as { alertId: string; title: string }[];
const auditActions = async () =>
  ((await as('GET', '/api/admin/audit-log?limit=50')).body.entries as { action: string }[]).map(
    ({ action }) => action,
  );

describe('alerts', () => {
  it('S8 are listed the unresolved first, by status, page by page', async () => {
    await look(['a', 'b', 'c', 'd']);
    await look(['a', 'd']);
    const titles = async (query = '') => (await alertIds(query)).map(({ title }) => title);
    expect((await titles()).slice(0, 2).toSorted()).toEqual(['a', 'd']);
    expect((await titles('?status=resolved')).toSorted()).toEqual(['b', 'c']);
    expect((await titles('?status=unresolved&severity=critical')).toSorted()).toEqual(['a', 'd']);
    expect(await titles('?severity=info')).toEqual([]);
    const first = (await as('GET', '/api/alerts?limit=3')).body;
    const second = (await as('GET', `/api/alerts?limit=3&cursor=${first.nextCursor as string}`)).body;
    expect([first.alerts.length, second.alerts.length, second.nextCursor]).toEqual([3, 1, null]);
    expect(await titles('?status=all')).toEqual(await titles());
  });

  it('S8 S13 one shows its effects, what became of it, and who was told', async () => {
    const { channelId } = await newChannel();
    await as('POST', '/api/admin/alert-rules', {
      name: 'all',
      position: 1,
      enabled: true,
      match: {},
      routes: [{ channelId }],
    });
    await reconcileFindings(hosted.services, {
      source: 'sweep-test',
      findings: [
        finding('cause', { organizationId: own, facts: { hoursLeft: 3 }, runbook: 'page' }),
        finding('effect', { organizationId: own, causeFingerprint: 'cause' }),
      ],
      at: hosted.services.now(),
    });
    const causeId = (await alertIds('?causesOnly=true'))[0]!.alertId;
    const acknowledged = await as('POST', `/api/alerts/${causeId}/acknowledge`, { note: 'mine' });
    expect(acknowledged.body.alert).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: hosted.admin.email,
      effects: 1,
    });
    const { body } = await as('GET', `/api/alerts/${causeId}`);
    expect(body).toMatchObject({
      alert: { title: 'cause', source: 'sweep-test', runbook: 'page', count: 1 },
      cause: null,
      effects: [{ title: 'effect', causeAlertId: causeId }],
      facts: { hoursLeft: 3 },
      changes: [
        { from: null, to: 'open' },
        { from: 'open', to: 'acknowledged' },
      ],
      deliveries: [
        { transition: 'opened', channelId, channelName: 'hook', status: 'delivered' },
        { transition: 'acknowledged', status: 'pending' },
      ],
      customerDueAt: null,
    });
    const effectId = body.effects[0].alertId as string;
    expect((await as('GET', `/api/alerts/${effectId}`)).body.cause).toMatchObject({ alertId: causeId });
    expect((await as('GET', '/api/admin/deliveries?status=delivered')).body.deliveries).toHaveLength(1);
  });

  it('S10 S11 S8 a data loss names the customer’s hour; resolving it by hand lets the audit pass and keeps the history', async () => {
    await raiseAlert(
      hosted.database.db,
      finding('data-loss:j', { organizationId: own, class: 'data_loss' }),
      writeContext(hosted.services),
    );
    const check = async () => {
      const { body } = await as('GET', '/api/admin/fidelity-audit');
      return (body.checks as { name: string; status: string }[]).find(
        ({ name }) => name === 'NO_ACTIVE_ALERTS',
      )?.status;
    };
    expect(await check()).toBe('fail');
    const [alert] = await alertIds();
    const { body } = await as('GET', `/api/alerts/${alert!.alertId}`);
    expect(Date.parse(body.customerDueAt) - Date.parse(body.alert.openedAt)).toBe(3_600_000);
    expect((await as('GET', '/api/fleet')).body.alerts).toMatchObject([{ alertId: alert!.alertId }]);
    const resolved = await as('POST', `/api/alerts/${alert!.alertId}/resolve`, {
      reason: 'the PC had copies',
    });
    expect(resolved.body.alert).toMatchObject({
      status: 'resolved',
      resolvedReason: `by ${hosted.admin.email}: the PC had copies`,
    });
    expect(await check()).toBe('pass');
    expect((await as('GET', '/api/fleet')).body.alerts).toEqual([]);
    const again = await as('POST', `/api/alerts/${alert!.alertId}/resolve`, { reason: 'twice' });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    expect(await auditActions()).toContain('alert.resolved');
  });

  it('S8 a snooze lasts a bounded time', async () => {
    await look(['a']);
    const path = `/api/alerts/${(await alertIds())[0]!.alertId}/snooze`;
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    expect((await as('POST', path, { until: inDays(31) })).status).toBe(400);
    expect((await as('POST', path, { until: inDays(-1) })).status).toBe(400);
    expect((await as('POST', path, { until: inDays(2) })).body.alert.snoozedUntil).not.toBeNull();
    expect((await as('POST', path, { until: null })).body.alert.snoozedUntil).toBeNull();
  });

  it('S8 A5 the CI secret sees that a security alert is there, and nothing of it', async () => {
    await raiseAlert(
      hosted.database.db,
      finding('clone', { organizationId: own, class: 'security', title: 'Two agents', detail: 'host ARGO3' }),
      writeContext(hosted.services),
    );
    const ci = { 'x-ci-secret': hosted.ciSecret };
    const { body } = await call('/api/alerts', { headers: ci });
    expect(body.alerts).toMatchObject([{ severity: 'critical', class: 'security' }]);
    expect(JSON.stringify(body)).not.toMatch(/Two agents|ARGO3|clone/);
  });

  it('S8 A5 nobody reads or changes another organization’s', async () => {
    const channel = await newChannel();
    await look(['theirs'], 'other');
    const { db } = hosted.database;
    const { id } = await db.selectFrom('alerts').select('id').executeTakeFirstOrThrow();
    await db.updateTable('notification_channels').set({ organization_id: 'other' }).execute();
    expect(await alertIds()).toEqual([]);
    const until = new Date(Date.now() + 60_000).toISOString();
    const rule = {
      name: 'r',
      position: 1,
      enabled: true,
      match: {},
      routes: [{ channelId: channel.channelId }],
    };
    const attempts: [string, string, unknown?][] = [
      ['GET', `/api/alerts/${id}`],
      ['POST', `/api/alerts/${id}/acknowledge`, {}],
      ['POST', `/api/alerts/${id}/resolve`, { reason: 'r' }],
      ['POST', `/api/alerts/${id}/snooze`, { until }],
      ['PUT', `/api/admin/channels/${channel.channelId}`, webhook()],
      ['POST', `/api/admin/channels/${channel.channelId}/test`, {}],
      ['POST', '/api/admin/alert-rules', rule],
    ];
    for (const [method, path, body] of attempts)
      expect([path, (await as(method, path, body)).status]).toEqual([path, 404]);
    expect((await as('GET', '/api/admin/channels')).body.channels).toEqual([]);
    expect(server.requests).toEqual([]);
    expect(await db.selectFrom('alerts').select('status').execute()).toEqual([{ status: 'open' }]);
  });
});

describe('channels', () => {
  it('S9 their secrets go in and never come out', async () => {
    const made = await newChannel({ signingKey: 'a signing key of some length' });
    expect(made).toMatchObject({
      kind: 'webhook',
      name: 'hook',
      hasSecret: true,
      config: {},
      lastOkAt: null,
    });
    const path = `/api/admin/channels/${made.channelId}`;
    const renamed = await as('PUT', path, { kind: 'webhook', name: 'renamed', enabled: true });
    expect(renamed.body.channel).toMatchObject({ name: 'renamed', hasSecret: true, version: 2 });
    expect((await as('POST', `${path}/test`, {})).body).toMatchObject({ delivered: true, error: null });
    expect(server.requests[0]).toMatchObject({ path: '/hook?sig=hush-hush' });
    expect(server.requests[0]!.headers['x-datasync-signature']).toMatch(/^sha256=/);
    const elsewhere = webhook({ url: `${server.url}/elsewhere` });
    expect(await as('PUT', path, elsewhere)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
    server.script({ status: 403, body: 'no sig=hush-hush' });
    const failed = (await as('POST', `${path}/test`, {})).body;
    expect(failed).toMatchObject({ delivered: false });
    const { db } = hosted.database;
    const everything = JSON.stringify([
      await db.selectFrom('notification_channels').selectAll().execute(),
      await db.selectFrom('notifications').selectAll().execute(),
      await db.selectFrom('audit_log').selectAll().execute(),
      (await as('GET', '/api/admin/channels')).body,
      (await as('GET', '/api/admin/deliveries')).body,
      failed,
      hosted.lines,
    ]);
    expect(everything).not.toMatch(/hush-hush|a signing key/);
    expect(await auditActions()).toEqual(
      expect.arrayContaining(['channel.created', 'channel.updated', 'channel.tested']),
    );
  });

  it('S9 are refused without what they need, with a name that is taken, and as another kind', async () => {
    const { channelId } = await newChannel();
    const post = (body: object) => as('POST', '/api/admin/channels', body);
    expect((await post(webhook())).body.code).toBe('conflict');
    const bare = await post({ kind: 'teams', name: 'teams', enabled: true });
    expect(bare.body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/body/url' }] });
    const other = { kind: 'pagerduty', name: 'hook', enabled: true, routingKey: 'k' };
    expect((await as('PUT', `/api/admin/channels/${channelId}`, other)).body.code).toBe('conflict');
  });

  it('S9 one that is switched off keeps what waited as suppressed, and can still be tried', async () => {
    const { channelId } = await newChannel();
    await as('POST', '/api/admin/alert-rules', {
      name: 'all',
      position: 1,
      enabled: true,
      match: {},
      routes: [{ channelId }],
    });
    server.script({ status: 500 });
    await look(['a']);
    await as('PUT', `/api/admin/channels/${channelId}`, webhook({ enabled: false }));
    expect((await as('GET', '/api/admin/deliveries')).body.deliveries).toMatchObject([
      { status: 'suppressed', lastError: 'the channel was switched off' },
    ]);
    server.script({ status: 200 });
    expect((await as('POST', `/api/admin/channels/${channelId}/test`)).body.delivered).toBe(true);
  });

  it('S15 S9 that one fails is over when it is switched off, and is not found again by trying it', async () => {
    const { channelId } = await newChannel();
    server.script({ status: 403 });
    const path = `/api/admin/channels/${channelId}`;
    const failing = async (test = false) => {
      if (test) await as('POST', `${path}/test`);
      return (await alertIds('?status=unresolved')).length;
    };
    expect(await failing(true)).toBe(1);
    await as('PUT', path, webhook({ enabled: false }));
    expect([await failing(), await failing(true)]).toEqual([0, 0]);
    expect((await as('GET', '/api/alerts')).body.alerts).toMatchObject([
      { fingerprint: `channel-failing:${channelId}`, resolvedReason: 'the channel was switched off' },
    ]);
    await as('PUT', path, webhook());
    expect(await failing(true)).toBe(1);
  });
});

describe('rules', () => {
  const rule = (more: object = {}) => ({
    name: 'night',
    position: 5,
    enabled: true,
    match: { minSeverity: 'warning' },
    routes: [],
    ...more,
  });

  it('S8 are changed by whoever read the latest version, and come in the order in which they decide', async () => {
    const path = '/api/admin/alert-rules';
    const { body } = await as('POST', path, rule());
    expect(body.rule).toMatchObject({ name: 'night', version: 1, match: { minSeverity: 'warning' } });
    await as('POST', path, rule({ name: 'first', position: 1 }));
    const at = `${path}/${body.rule.ruleId as string}`;
    const changes = await Promise.all(
      ['x', 'y', 'z'].map((name) => as('PUT', at, rule({ name, version: 1 }))),
    );
    expect(changes.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect((await as('PUT', at, rule({ name: 'first', version: 2 }))).body.code).toBe('conflict');
    const names = ((await as('GET', path)).body.rules as { position: number }[]).map(
      ({ position }) => position,
    );
    expect(names).toEqual([1, 5]);
    expect((await as('DELETE', at)).status).toBe(204);
    expect((await as('DELETE', at)).status).toBe(404);
    expect((await as('PUT', at, rule({ version: 2 }))).status).toBe(404);
    const actions = await auditActions();
    expect(actions.filter((action) => action.startsWith('alert-rule.'))).toHaveLength(4);
  });
});

describe('maintenance windows', () => {
  it('S8 cover what is the organization’s, for two weeks at most, and can be ended', async () => {
    const path = '/api/admin/maintenance-windows';
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const post = (more: object) =>
      as('POST', path, { reason: 'pump', startsAt: inHours(-1), endsAt: inHours(1), ...more });
    expect((await post({ endsAt: inHours(24 * 15) })).status).toBe(400);
    expect((await post({ startsAt: inHours(-3), endsAt: inHours(-2) })).status).toBe(400);
    expect((await post({ runnerId: 'nobody' })).status).toBe(404);
    const { body } = await post({});
    expect(body.window).toMatchObject({ runnerId: null, groupId: null, createdBy: hosted.admin.email });
    const end = `${path}/${body.window.windowId as string}/end`;
    const ended = (await as('POST', end)).body.window;
    expect(Date.parse(ended.endsAt)).toBeLessThanOrEqual(Date.now());
    expect((await as('POST', end)).body.window).toEqual(ended);
    expect((await as('GET', path)).body.windows).toMatchObject([{ reason: 'pump' }]);
  });
});
