import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logHandlers } from '../../functions/logs/index.ts';
import { dropOldTables } from '../../functions/logs/retention.ts';
import type { Tables } from '../../functions/platform/tables/tables.ts';
import type { LogLine, ShippedLine } from '../../shared/contract/logs.ts';
import { callApi } from '../support/call-api.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';
import { openTestTables, type TestTables } from '../support/tables.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const key = 'the-key-of-an-approved-agent';

let store: TestTables;
let hosted: HostedApp;
let nowMs = Date.parse('2026-11-22T12:00:00.000Z');
let storageIsAway = false;

beforeAll(async () => {
  store = await openTestTables();
  hosted = await startHostedApp({
    handlers: logHandlers,
    settings: { AzureWebJobsStorage: store.connectionString, LOG_LINES_PER_MINUTE: '200' },
    services: (made) => ({ ...made, now: () => new Date(nowMs), tables: severable(made.tables) }),
  });
  await addRunner('r1', 'default', key);
});
beforeEach(() => {
  nowMs += 10 * minute;
  storageIsAway = false;
});
afterAll(async () => {
  await hosted.close();
  await store.close();
});

/** The real tables, or those of an address where nobody answers. */
function severable(tables: Tables): Tables {
  return {
    ...tables,
    upsert: (table, rows) => {
      if (!storageIsAway) return tables.upsert(table, rows);
      return absent.then((away) => away.upsert(table, rows));
    },
    rows: (query) => (storageIsAway ? absent.then((away) => away.rows(query)) : tables.rows(query)),
  };
}
const absent = import('../../functions/platform/tables/azureTables.ts').then(({ openAzureTables }) =>
  openAzureTables({
    connectionString:
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0LWtleQ==;TableEndpoint=http://127.0.0.1:9/a',
    timeoutMs: 1000,
  }),
);

async function addRunner(id: string, organization: string, secret: string): Promise<void> {
  const at = new Date();
  const key_hash = createHash('sha256').update(secret).digest('hex');
  const names = { name: id, host_name: 'pc', platform: 'linux', time_zone: 'UTC', share_name: id };
  const numbers = { generation: 1, version: 1, created_at: at, updated_at: at };
  const row = { ...names, ...numbers, organization_id: organization, key_hash, key_slot: key_hash };
  await hosted.database.db
    .insertInto('runners')
    .values({ id, status: 'active', ...row })
    .execute();
}

let sequence = 0;
function line(message: string, more: Partial<ShippedLine> = {}): ShippedLine {
  sequence += 1;
  return {
    at: new Date(nowMs).toISOString(),
    sequence,
    level: 'Information',
    message,
    correlationId: null,
    jobId: null,
    ...more,
  };
}

const ship = (lines: readonly ShippedLine[], dropped = 0) =>
  callApi(hosted.url, '/api/agents/logs', {
    method: 'POST',
    body: { lines, dropped },
    headers: { authorization: `Bearer ${key}` },
  });

async function read(query: Record<string, string> = {}, secret = hosted.admin.token) {
  const search = new URLSearchParams({ runnerId: 'r1', ...query });
  const headers = { authorization: `Bearer ${secret}` };
  const { status, body } = await callApi(hosted.url, `/api/admin/logs?${search.toString()}`, { headers });
  return { status, body, lines: (body?.lines ?? []) as LogLine[] };
}

const messages = (lines: readonly LogLine[]) => lines.map(({ message }) => message);
/** What was shipped within this test: the clock moved ten minutes before it. */
const recent = () => ({ from: new Date(nowMs - minute).toISOString() });

describe('agents’ logs', () => {
  it('F11 come back newest first, with what they say', async () => {
    const correlationId = randomUUID();
    const first = line('Heartbeat failed: server unreachable', { level: 'Warning', jobId: 'job-1' });
    nowMs += 1;
    const second = line('Cycle ended', { correlationId, facts: { archived: 3 } });
    expect((await ship([first, second])).body).toEqual({ accepted: 2, waitSeconds: 30 });
    const { body, lines } = await read(recent());
    const both = { runnerId: 'r1', receivedAt: new Date(nowMs).toISOString() };
    expect(lines).toEqual([
      {
        ...both,
        at: second.at,
        level: 'Information',
        message: 'Cycle ended',
        correlationId,
        jobId: null,
        facts: { archived: 3 },
      },
      {
        ...both,
        at: first.at,
        level: 'Warning',
        message: first.message,
        correlationId: null,
        jobId: 'job-1',
        facts: null,
      },
    ]);
    expect(body.nextCursor).toBeNull();
  });

  it('F11 a line that is sent twice is one line, also after a lost answer', async () => {
    const lines = [line('one'), line('two')];
    await ship(lines, 7);
    nowMs += minute;
    await ship(lines, 7);
    expect(messages((await read({ from: new Date(nowMs - 2 * minute).toISOString() })).lines)).toEqual([
      'two',
      '7 lines were left out here: there were more than the log takes',
      'one',
    ]);
  });

  it('F11 are found by level, correlation id and text, the facts’ too', async () => {
    const correlationId = randomUUID();
    await ship([
      line('a debug line', { level: 'Debug' }),
      line('a warning', { level: 'Warning' }),
      line('an error', { level: 'Error', correlationId }),
      line('a plain line', { facts: { path: 'Ärger/File 7.geo' } }),
    ]);
    expect(messages((await read({ ...recent(), level: 'Warning,Error' })).lines)).toEqual([
      'an error',
      'a warning',
    ]);
    expect(messages((await read({ ...recent(), correlationId })).lines)).toEqual(['an error']);
    expect(messages((await read({ ...recent(), search: 'FILE 7' })).lines)).toEqual(['a plain line']);
    expect(messages((await read({ ...recent(), search: "it's not there" })).lines)).toEqual([]);
    expect((await read({ ...recent(), level: 'Warning;Error' })).status).toBe(400);
  });

  it('F11 pages go on where the one before ended, over days and weeks', async () => {
    const sent: string[] = [];
    for (const ago of [0, 1, 2, 9]) {
      const lines = Array.from({ length: 7 }, (_, index) =>
        line(`${String(ago)} days, ${String(index)}`, {
          at: new Date(nowMs - ago * day - index).toISOString(),
          level: 'Warning',
          correlationId: 'paged',
        }),
      );
      await ship(lines);
      sent.push(...lines.map(({ message }) => message));
    }
    const query = { from: new Date(nowMs - 10 * day).toISOString(), correlationId: 'paged', limit: '5' };
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await read({ ...query, ...(cursor === null ? {} : { cursor }) });
      seen.push(...messages(page.lines));
      cursor = page.body.nextCursor as string | null;
    } while (cursor !== null);
    expect(seen).toEqual(sent);
  });

  it('F11 24 hours are shown unless asked otherwise', async () => {
    await ship([line('yesterday', { at: new Date(nowMs - 25 * hour).toISOString() }), line('today')]);
    expect(messages((await read()).lines)).toContain('today');
    expect(messages((await read()).lines)).not.toContain('yesterday');
  });

  it('B42 F11 a line of a clock that is years wrong is kept where it arrived, once', async () => {
    const wrong = line('from the future', { at: '2031-01-01T00:00:00.000Z', correlationId: 'skewed' });
    await ship([wrong]);
    await ship([wrong]);
    const { lines } = await read({ correlationId: 'skewed', from: new Date(nowMs - day).toISOString() });
    expect(lines).toMatchObject([{ at: wrong.at, receivedAt: new Date(nowMs).toISOString() }]);
    expect((await store.tables.names('agentlogs')).filter((name) => name.includes('2031'))).toEqual([]);
  });

  it('S9 secrets are taken out once more', async () => {
    await ship([
      line('PUT https://x/y?sv=1&sig=abc%2Bdef&se=2', {
        facts: { sas: 'sig=xyz', note: 'Bearer abc.def', key: 'dsa_abc', at: 'https://p/?to=%3Fsig%3Dxyz' },
      }),
    ]);
    const text = JSON.stringify((await read(recent())).lines);
    expect(text).toContain('sig=[redacted]');
    expect(text).not.toMatch(/abc|xyz/);
  });
});

describe('floods', () => {
  it('B36 more lines than the budget are cut and counted, and the agent is told to wait', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => line(`flood ${String(index)}`));
    const first = await ship(lines);
    expect(first.status).toBe(202);
    expect(first.body).toEqual({ accepted: 200, waitSeconds: 60 });
    expect((await ship(lines.slice(200))).body).toMatchObject({ accepted: 0 });
    expect((await ship([], 100)).body).toMatchObject({ accepted: 0 });
    const shown = await read({ ...recent(), limit: '500' });
    expect(shown.lines.filter(({ message }) => message.startsWith('flood'))).toHaveLength(200);
    expect(messages(shown.lines).join()).toContain('100 lines were left out');
    nowMs += minute;
    expect((await ship(lines.slice(200))).body.accepted).toBe(100);
  });

  it('B36 facts as large as a request takes are cut to what a row holds', async () => {
    const facts = Object.fromEntries(
      Array.from({ length: 90 }, (_, n) => [`fact${String(n)}`, 'x'.repeat(4000)]),
    );
    expect((await ship([line('large', { facts })])).status).toBe(202);
    const [kept] = (await read(recent())).lines;
    expect(JSON.stringify(kept?.facts).length).toBeLessThan(8100);
    expect(kept?.facts).toHaveProperty('cut');
  });
});

describe('the storage is away', () => {
  it('B35 answers 503 with a time to wait, and spends no budget', async () => {
    storageIsAway = true;
    const lines = Array.from({ length: 150 }, () => line('kept later'));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await ship(lines);
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: 'unavailable' });
      expect(answer.headers.get('retry-after')).toBe('5');
    }
    expect(await read()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    storageIsAway = false;
    expect((await ship(lines)).body.accepted).toBe(150);
  });
});

describe('who may read and write', () => {
  it('A5 a runner of another organization is not there, and a person writes nothing', async () => {
    await hosted.database.db
      .insertInto('organizations')
      .values({ id: 'other', name: 'other', created_at: new Date() })
      .execute();
    await addRunner('r2', 'other', 'another-key');
    expect(await read({ runnerId: 'r2' })).toMatchObject({ status: 404, body: { code: 'not-found' } });

    const byCi = await callApi(hosted.url, '/api/admin/logs?runnerId=r2', {
      headers: { 'x-ci-secret': hosted.ciSecret },
    });
    expect(byCi.status).toBe(200);
    const asPerson = await callApi(hosted.url, '/api/agents/logs', {
      method: 'POST',
      body: { lines: [], dropped: 0 },
      headers: { authorization: `Bearer ${hosted.admin.token}` },
    });
    expect(asPerson.status).toBe(403);
  });

  it('S9 a made-up cursor is refused, and opens no other runner’s lines', async () => {
    const startOfDay = Math.floor(nowMs / day) * day;
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const cursor of [
      'rubbish',
      forged([nowMs]),
      forged([startOfDay, null, 'bm90IGpzb24=']),
      forged(['', 1, 2]),
    ])
      expect(await read({ cursor })).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    const elsewhere = forged([startOfDay, "0' or PartitionKey eq 'r2|2026-11-22", null]);
    const { status, lines } = await read({ cursor: elsewhere });
    expect(status).toBe(200);
    expect(lines.every(({ runnerId }) => runnerId === 'r1')).toBe(true);
  });
});

describe('retention', () => {
  it('S3 drops the weeks that are over for 90 days, whole, and nothing else', async () => {
    const row = [{ partitionKey: 'r1|x', rowKey: '1' }];
    // 22 November 2026 less 90 days is 24 August, a Monday.
    for (const name of [
      'agentlogs20260810',
      'agentlogs20260817',
      'agentlogs20260824',
      'heartbeats20250101',
      'notes20200106',
    ])
      await store.tables.upsert(name, row);
    const before = await store.tables.names('');
    expect(await dropOldTables(hosted.services)).toMatchObject({ changed: 3 });
    const remaining = await store.tables.names('');
    expect(before.filter((name) => !remaining.includes(name))).toEqual([
      'agentlogs20260810',
      'agentlogs20260817',
      'heartbeats20250101',
    ]);
    expect(await dropOldTables(hosted.services)).toMatchObject({ changed: 0 });
  });

  it('S3 B8 a table that cannot be dropped is reported, and stops no other', async () => {
    const row = [{ partitionKey: 'r1|x', rowKey: '1' }];
    const names = ['agentlogs20250106', 'agentlogs20250113', 'heartbeats20250106'];
    for (const name of names) await store.tables.upsert(name, row);
    const stubborn: Tables = {
      ...store.tables,
      drop: async (table) => {
        if (table === names[0]) throw new Error('somebody holds it');
        await store.tables.drop(table);
      },
    };
    const services = { ...hosted.services, tables: stubborn };
    await expect(dropOldTables(services)).rejects.toThrow('1 of');
    expect((await store.tables.names('')).filter((name) => names.includes(name))).toEqual([names[0]]);
    expect(await dropOldTables(hosted.services)).toMatchObject({ changed: 1 });
  });
});
