import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '../../../test/support/scriptedServer.ts';
import type { ChannelKind } from '../../../shared/contract/alerts.ts';
import type { ChannelTarget, Message, SendOutcome } from './channel.ts';
import { createChannels } from './index.ts';

let server: ScriptedServer;
const at = new Date('2026-11-22T12:00:00Z');
const outbound = { allowPrivateAddresses: true };
const channels = createChannels(outbound, () => at);
const impatient = createChannels({ ...outbound, timeoutMs: 200 }, () => at);
const hostileName =
  '[All clear](https://evil.example)\u202e\u001b[2J{{DATE(2026-01-01T00:00:00Z)}}<b>.geo\r\nResolved: yes';

const message: Message = {
  deliveryId: 'delivery-1',
  alertId: 'alert-1',
  transition: 'opened',
  severity: 'critical',
  class: 'operational',
  title: 'Two files could not be read',
  detail: 'a.geo\nb.geo',
  organizationName: 'Org',
  runnerName: 'PC-7',
  jobName: 'Geometry',
  occurredAt: at,
  openedAt: at,
  count: 2,
  url: 'https://sync.example/alerts/alert-1',
  runbookUrl: null,
};

beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.requests.length = 0;
  server.script({ status: 200 });
});
afterAll(() => server.close());

/** What a service answers when it takes a message. */
const taken = {
  teams: { status: 202 },
  pagerduty: { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"alert-1"}' },
  jira: { status: 202, body: '{"result":"Request will be processed","took":0.1,"requestId":"r-1"}' },
  webhook: { status: 204 },
} as const;
const httpKinds = ['teams', 'pagerduty', 'jira', 'webhook'] as const;

function targetOf(kind: ChannelKind): ChannelTarget {
  const url = `${server.url}/v2/enqueue?api-version=1&sig=s3cr3t-signature`;
  const own: Record<string, Pick<ChannelTarget, 'config' | 'secrets'>> = {
    teams: { config: {}, secrets: { url } },
    pagerduty: { config: { url: `${server.url}/v2/enqueue` }, secrets: { routingKey: 'r0ut1ng-key' } },
    jira: {
      config: { url: `${server.url}/jsm/ops/integration/v2/alerts` },
      secrets: { apiKey: 'g3n1e-key' },
    },
    webhook: { config: {}, secrets: { url, signingKey: 'signing-key-of-32-characters-xxx' } },
  };
  return { channelId: 'c', name: kind, recipients: [], config: {}, secrets: {}, ...own[kind] };
}

async function send(kind: ChannelKind, more: Partial<Message> = {}): Promise<SendOutcome> {
  const channel = channels.get(kind);
  if (channel === undefined) throw new Error(`no channel ${kind}`);
  return channel.send({ ...message, ...more }, targetOf(kind), AbortSignal.timeout(20_000));
}

/** The parts of sent bodies that tests look at. */
interface SentBody extends Partial<Card> {
  readonly payload?: { readonly summary: string; readonly severity: string };
  readonly [name: string]: unknown;
}
const bodyOf = (index = 0): SentBody => JSON.parse(server.requests[index]?.body ?? '{}') as SentBody;

describe.each(httpKinds)('the channel %s', (kind) => {
  it('S9 delivers when the service takes the message', async () => {
    server.script(taken[kind]);
    expect(await send(kind)).toEqual({ result: 'delivered', responseStatus: taken[kind].status });
    expect(server.requests).toHaveLength(1);
  });

  it('S9 B40 says to try again after a 500, and delivers then with the same id', async () => {
    server.script({ status: 500, body: 'boom' }, taken[kind]);
    expect(await send(kind)).toMatchObject({ result: 'retry', responseStatus: 500 });
    expect((await send(kind)).result).toBe('delivered');
    expect(server.requests[1]?.body).toBe(server.requests[0]?.body);
  });

  it.each([
    ['17', 17],
    ['Sun, 22 Nov 2026 12:02:00 GMT', 120],
    ['999999999', 86_400],
    ['soon', undefined],
  ])('S9 tells how long a 429 asks to wait (%s)', async (header, retryAfterSeconds) => {
    server.script({ status: 429, headers: { 'retry-after': header } });
    const outcome = await send(kind);
    expect(outcome).toMatchObject({ result: 'retry', responseStatus: 429 });
    expect((outcome as { retryAfterSeconds?: number }).retryAfterSeconds).toBe(retryAfterSeconds);
  });

  it.each([400, 401, 403, 404, 410, 413, 422])(
    'S9 B41 gives up on a %d: it will not be taken',
    async (status) => {
      server.script({ status, body: '{"error":{"code":"WorkflowNotFound"}}' });
      expect(await send(kind)).toMatchObject({ result: 'refused', responseStatus: status });
    },
  );

  it('S9 says to try again when nobody answers or the connection is cut', async () => {
    server.script('silence');
    const silent = await impatient.get(kind)?.send(message, targetOf(kind), AbortSignal.timeout(20_000));
    expect(silent).toMatchObject({ result: 'retry', responseStatus: null });
    server.script('reset');
    expect(await send(kind)).toMatchObject({ result: 'retry', responseStatus: null });
  });

  it('S9 follows no redirect into the network', async () => {
    server.script({ status: 302, headers: { location: 'http://169.254.169.254/' } });
    expect(await send(kind)).toMatchObject({ result: 'refused', responseStatus: 302 });
    expect(server.requests).toHaveLength(1);
  });

  it('S9 B41 holds a 200 with an error in its body for a failure', async () => {
    server.script({ status: 200, body: '{"error":{"code":"BadRequest","message":"channel was deleted"}}' });
    const outcome = await send(kind);
    expect(outcome.result).not.toBe('delivered');
    expect(outcome).toMatchObject({
      responseStatus: 200,
      error: expect.stringContaining('channel was deleted') as string,
    });
  });

  it('S9 shows no secret in what it reports, whatever the service repeats', async () => {
    const { secrets } = targetOf(kind);
    server.script({
      status: 400,
      body: `you sent ${Object.values(secrets).join(' and ')} sig=s3cr3t-signature`,
    });
    const said = JSON.stringify(await send(kind));
    for (const secret of ['s3cr3t-signature', 'r0ut1ng-key', 'g3n1e-key', 'signing-key-of-32']) {
      expect(said).not.toContain(secret);
    }
  });

  it('S9 refuses an address inside the network without asking it', async () => {
    const guarded = createChannels({ allowPrivateAddresses: false }, () => at).get(kind);
    const outcome = await guarded?.send(message, targetOf(kind), AbortSignal.timeout(20_000));
    expect(outcome).toMatchObject({ result: 'refused', responseStatus: null });
    expect(server.requests).toEqual([]);
  });

  it('S9 puts no character into a body that a log or terminal obeys', async () => {
    server.script(taken[kind]);
    await send(kind, {
      title: hostileName,
      detail: hostileName,
      runnerName: hostileName,
      jobName: hostileName,
    });
    expect(server.requests[0]?.body).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
  });

  it('S9 refuses, and asks nobody, without its secret', async () => {
    const bare = { ...targetOf(kind), secrets: {} };
    const outcome = await channels.get(kind)?.send(message, bare, AbortSignal.timeout(20_000));
    expect(outcome).toMatchObject({ result: 'refused' });
    expect(server.requests).toEqual([]);
  });
});

describe('the channel webhook', () => {
  it('S9 signs time and body, and names the delivery', async () => {
    await send('webhook');
    const [request] = server.requests;
    const timestamp = String(at.getTime() / 1000);
    const expected = createHmac('sha256', 'signing-key-of-32-characters-xxx')
      .update(`${timestamp}.${String(request?.body)}`)
      .digest('hex');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-datasync-delivery': 'delivery-1',
      'x-datasync-timestamp': timestamp,
      'x-datasync-signature': `sha256=${expected}`,
    });
  });

  it('S9 hands foreign text on as it is, for the receiver to show', async () => {
    await send('webhook', { title: hostileName });
    expect(bodyOf()).toMatchObject({ title: hostileName, alertId: 'alert-1', occurredAt: at.toISOString() });
  });

  it.each(['{"ok":false}', '{"success":false}', '{"status":"error"}'])(
    'B41 holds %s for a failure',
    async (body) => {
      server.script({ status: 200, body });
      expect(await send('webhook')).toMatchObject({ result: 'retry' });
    },
  );

  it.each(['', 'ok, no error', '{"ok":true,"error":null}', '[]', '"done"'])(
    'delivers with %j',
    async (body) => {
      server.script({ status: 200, body });
      expect(await send('webhook')).toMatchObject({ result: 'delivered' });
    },
  );
});

interface Run {
  readonly type: string;
  readonly text: string;
}
interface Block {
  readonly type: string;
  readonly inlines: readonly Run[];
}
interface Card {
  readonly attachments: readonly {
    readonly contentType: string;
    readonly content: {
      readonly type: string;
      readonly body: readonly Block[];
      readonly actions: readonly { readonly url: string }[];
    };
  }[];
}

describe('the channel teams', () => {
  const card = (): Card['attachments'][number]['content'] => {
    const [attachment] = bodyOf().attachments ?? [];
    expect(attachment?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    return attachment!.content;
  };

  it('S9 sends an Adaptive Card with foreign text in text runs only', async () => {
    await send('teams', {
      title: hostileName,
      detail: hostileName,
      runnerName: hostileName,
      jobName: hostileName,
    });
    const { type, body, actions } = card();
    expect(type).toBe('AdaptiveCard');
    expect(new Set(body.map((block) => block.type))).toEqual(new Set(['RichTextBlock']));
    const runs = body.flatMap(({ inlines }) => inlines);
    expect(new Set(runs.map((run) => run.type))).toEqual(new Set(['TextRun']));
    const text = runs.map((run) => run.text).join(' ');
    expect(text).toContain('[All clear](https://evil.example)');
    expect(text).not.toContain('{{');
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(actions.map(({ url }) => url)).toEqual(['https://sync.example/alerts/alert-1']);
  });

  it.each([
    ['a long name', 'n'.repeat(100_000)],
    ['many lines', 'a.geo\n'.repeat(20_000)],
    ['what grows when it is escaped', '\u202e'.repeat(30_000)],
    ['wide characters', '測'.repeat(30_000)],
  ])('S9 keeps a card with %s within what Teams takes', async (_, text) => {
    await send('teams', {
      title: text,
      detail: text,
      runnerName: text,
      jobName: text,
      organizationName: text,
    });
    expect(Buffer.byteLength(server.requests[0]?.body ?? '')).toBeLessThanOrEqual(20_000);
    expect(card().body.length).toBeGreaterThan(2);
  });

  it.each([
    [
      'retry',
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x',
    ],
    [
      'refused',
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x',
    ],
    ['retry', 'Some internal exception'],
    ['refused', '<!DOCTYPE html><html><body>Sign in</body></html>'],
  ])('B41 means %s by a 200 with %s', async (result, body) => {
    server.script({ status: 200, body });
    expect(await send('teams')).toMatchObject({ result, responseStatus: 200 });
  });

  it.each(['', '1', '{"runId":"08"}'])('delivers with the body %j', async (body) => {
    server.script({ status: 200, body });
    expect(await send('teams')).toMatchObject({ result: 'delivered' });
  });
});

describe('the channel pagerduty', () => {
  beforeEach(() => {
    server.script(taken.pagerduty);
  });

  it.each([
    ['opened', 'trigger'],
    ['reopened', 'trigger'],
    ['worsened', 'trigger'],
    ['acknowledged', 'acknowledge'],
    ['resolved', 'resolve'],
  ] as const)('S9 %s is %s of the alert’s own incident', async (transition, action) => {
    await send('pagerduty', { transition });
    expect(server.requests[0]?.path).toBe('/v2/enqueue');
    expect(bodyOf()).toMatchObject({
      routing_key: 'r0ut1ng-key',
      event_action: action,
      dedup_key: 'alert-1',
    });
  });

  it('S9 bounds the summary and forges no markup', async () => {
    await send('pagerduty', { title: `<b>${'x'.repeat(5000)}`, detail: hostileName });
    const { payload } = bodyOf();
    expect(payload?.severity).toBe('critical');
    expect(payload?.summary.length).toBeLessThanOrEqual(1024);
    expect(JSON.stringify(payload)).not.toMatch(/[<>]/);
  });

  it('S15 a canary is a change event, which pages nobody', async () => {
    expect(await send('pagerduty', { transition: 'canary', severity: 'info', alertId: null })).toMatchObject({
      result: 'delivered',
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['/v2/change/enqueue']);
    expect(bodyOf()).not.toHaveProperty('event_action');
  });

  it('S9 a test is resolved at once', async () => {
    await send('pagerduty', { transition: 'test', alertId: null });
    expect([bodyOf(0), bodyOf(1)]).toMatchObject([
      { event_action: 'trigger', dedup_key: 'delivery-1', payload: { severity: 'info' } },
      { event_action: 'resolve', dedup_key: 'delivery-1' },
    ]);
  });

  it('S9 B41 holds a page that is not PagerDuty’s for no delivery', async () => {
    server.script({ status: 200, body: '<html>Welcome</html>' });
    expect((await send('pagerduty')).result).not.toBe('delivered');
  });
});

describe('the channel jira', () => {
  const path = '/jsm/ops/integration/v2/alerts';
  beforeEach(() => {
    server.script(taken.jira);
  });

  it.each([
    ['opened', path],
    ['worsened', path],
    ['acknowledged', `${path}/alert-1/acknowledge?identifierType=alias`],
    ['resolved', `${path}/alert-1/close?identifierType=alias`],
  ] as const)('S9 %s posts to %s', async (transition, expected) => {
    await send('jira', { transition });
    expect(server.requests).toMatchObject([
      { method: 'POST', path: expected, headers: { authorization: 'GenieKey g3n1e-key' } },
    ]);
  });

  it('S9 an alert keeps the API’s limits and forges no markup', async () => {
    const long = `<b>${'x'.repeat(50_000)}`;
    await send('jira', { title: long, detail: long, runnerName: long });
    const alert = bodyOf();
    expect(alert).toMatchObject({ alias: 'alert-1', priority: 'P1' });
    expect(String(alert['message']).length).toBeLessThanOrEqual(130);
    expect(String(alert['description']).length).toBeLessThanOrEqual(15_000);
    expect(String(alert['entity']).length).toBeLessThanOrEqual(512);
    expect(JSON.stringify(alert)).not.toMatch(/[<>]/);
  });

  it('S15 a canary has the lowest priority and is closed at once', async () => {
    await send('jira', { transition: 'canary', alertId: null, deliveryId: 'd 1/2' });
    expect(server.requests.map((request) => request.path)).toEqual([
      path,
      `${path}/d%201%2F2/close?identifierType=alias`,
    ]);
    expect(bodyOf()).toMatchObject({ priority: 'P5', alias: 'd 1/2' });
  });

  it('S15 a canary that could not be closed is sent again', async () => {
    server.script(taken.jira, { status: 503 });
    expect(await send('jira', { transition: 'canary', alertId: null })).toMatchObject({ result: 'retry' });
  });
});
