import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startThirdParties, type ThirdParties } from './server.ts';
import type { PartyName } from './parties.ts';

let server: ThirdParties;
let nowMs = 0;
beforeAll(async () => {
  server = await startThirdParties({
    nowMs: () => nowMs,
    sizes: { people: 250, donations: 30, bookkeeping: 30, tenders: 5 },
  });
});
afterEach(() => {
  server.faults.clear();
  server.seen.length = 0;
});
afterAll(() => server.close());

async function get(party: PartyName, target: string, key = server.parties[party].key) {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${server.url(party)}${target}`, { headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

describe('simulated APIs', () => {
  it('W7 people: pages by offset, with the next link and the total, as JSON:API', async () => {
    const first = await get('people', '/v2/people?per_page=100');
    expect(first.json).toMatchObject({ meta: { total_count: 250, count: 100, next: { offset: 100 } } });
    expect(first.json.data[0]).toMatchObject({ type: 'Person', id: '1001' });
    expect(first.json.links.next).toBe(`${server.url('people')}/v2/people?offset=100&per_page=100`);
    const last = await get('people', '/v2/people?per_page=100&offset=200');
    expect(last.json.data).toHaveLength(50);
    expect(last.json.links.next).toBeUndefined();
  });

  it('W7 donations: newest first, the cursor is an id', async () => {
    const first = await get('donations', '/v1/charges?limit=20');
    expect(first.json).toMatchObject({ object: 'list', has_more: true });
    const cursor: string = first.json.data[19].id;
    const last = await get('donations', `/v1/charges?limit=20&starting_after=${cursor}`);
    expect(last.json).toMatchObject({ has_more: false });
    expect(last.json.data).toHaveLength(10);
    expect((await get('donations', '/v1/charges?starting_after=ch_unknown')).json).toMatchObject({
      error: { type: 'invalid_request_error', param: 'starting_after' },
    });
  });

  it('W7 bookkeeping: queries with positions from 1; an empty answer names nothing', async () => {
    const ask = (query: string) =>
      get('bookkeeping', `/v3/company/1/query?query=${encodeURIComponent(query)}`);
    expect((await ask('select count(*) from Payment')).json.QueryResponse).toEqual({ totalCount: 30 });
    const page = await ask('select * from Payment startposition 21 maxresults 20');
    expect(page.json.QueryResponse).toMatchObject({ startPosition: 21, maxResults: 10 });
    expect((await ask('select * from Payment startposition 31 maxresults 20')).json.QueryResponse).toEqual(
      {},
    );
    expect((await ask('drop table Payment')).json.Fault.Error).toHaveLength(1);
  });

  it('W7 tenders: CSV with a byte order mark, CRLF and quoted fields', async () => {
    const response = await fetch(`${server.url('tenders')}/export.csv`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString('utf8')).toContain('"Laboratory equipment\r\n(two lots)"');
    expect(bytes.toString('utf8')).toContain('"Panel for ""minor works"""');
  });

  it('W4 refuse wrong credentials in their own form', async () => {
    expect(await get('people', '/v2/people', 'wrong')).toMatchObject({ status: 401, json: { errors: [{}] } });
    expect(await get('donations', '/v1/charges', 'wrong')).toMatchObject({
      status: 401,
      json: { error: {} },
    });
  });

  it('W4 break as they are told: so many requests, after so many, where asked', async () => {
    server.faults.add({
      party: 'people',
      kind: 'status',
      status: 503,
      retryAfter: '7',
      on: 'people',
      after: 1,
    });
    expect(await get('people', '/v2/people')).toMatchObject({ status: 200 });
    expect(await get('people', '/v2/emails')).toMatchObject({ status: 200 });
    const struck = await get('people', '/v2/people');
    expect(struck.status).toBe(503);
    expect(struck.headers.get('retry-after')).toBe('7');
    expect(await get('people', '/v2/people')).toMatchObject({ status: 200 });
    server.faults.add({ party: 'people', kind: 'emptied' });
    expect((await get('people', '/v2/people')).json).toMatchObject({ data: [], meta: { total_count: 0 } });
    server.faults.add({ party: 'people', kind: 'half' });
    await expect(get('people', '/v2/people')).rejects.toThrow();
    expect(server.seen.map(({ status }) => status)).toEqual([200, 200, 503, 200, 'emptied', 'half']);
  });

  it('W4 refuse more requests than they allow, and say for how long', async () => {
    const ask = () => get('donations', '/v1/charges?limit=1');
    nowMs += 5000;
    for (let number = 1; number <= 25; number += 1) expect((await ask()).status).toBe(200);
    nowMs += 600;
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    nowMs += 400;
    expect((await ask()).status).toBe(200);
  });

  it('W4 are broken, and looked at, by another process', async () => {
    const control = `http://127.0.0.1:${String(server.port)}/.control`;
    const fault = { party: 'tenders', kind: 'html' };
    await fetch(`${control}/faults`, { method: 'POST', body: JSON.stringify(fault) });
    expect((await get('tenders', '/export.csv')).text).toContain('right back');
    const seen = await (await fetch(`${control}/seen`)).json();
    expect(seen).toMatchObject([{ party: 'tenders', target: '/export.csv?', status: 'html' }]);
  });
});
