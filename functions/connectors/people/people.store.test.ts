import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { trigger } from '../../workflows/trigger.ts';
import { workflows } from '../index.ts';
import { type ConnectorBench, openConnectorBench, workflowNamed } from '../../../test/support/connectors.ts';

const GET_ALL = 'Sync-people.people.getAll';

let connectors: ConnectorBench;
beforeAll(async () => {
  connectors = await openConnectorBench({ sizes: { people: 350 } });
});
afterEach(() => connectors.clear());
afterAll(() => connectors.close());

const idsOf = (list: string): string[] =>
  (connectors.server.parties.people.collections[list] ?? []).map(({ id }) => id).toSorted();

async function codesHeld(list: string): Promise<string[]> {
  return (await connectors.held('people', list)).map((line) => line.split(':')[0] ?? '');
}

describe(GET_ALL, () => {
  it('W7 copies everyone, page by page, with the key of each page', async () => {
    const runId = await connectors.runOf(GET_ALL);
    expect(await connectors.bench.run(runId)).toMatchObject({
      status: 'complete',
      records_in: 350,
      result_json: { people: { pages: 4, recordsIn: 350, recordsOut: 350 }, gone: 0 },
    });
    expect(await codesHeld('people')).toEqual(idsOf('people'));
    const asked = connectors.server.seen.map(({ target, headers }) => [target, headers['x-request-id']]);
    expect(asked).toEqual(
      [0, 100, 200, 300].map((offset, page) => [
        `/v2/people?per_page=100&offset=${String(offset)}&order=created_at`,
        `${runId}/people/${String(page + 1)}`,
      ]),
    );
  });

  it('W1 W4 B22 goes on at its page when the API was away in the middle, no sooner than it asked, and stores nothing twice', async () => {
    const { bench, server } = connectors;
    server.faults.add({ party: 'people', kind: 'status', status: 503, retryAfter: '3600', on: 'offset=200' });
    const workflow = workflowNamed(GET_ALL);
    const runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('continued');
    expect(await bench.work(workflow)).toBe('retry_later');
    const { next_slice_at: due, records_in: read } = await bench.run(runId);
    expect(read).toBe(200);
    expect(due?.getTime()).toBe(bench.services.now().getTime() + 3_600_000);
    await bench.workAll(workflow);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete', records_in: 350, records_out: 0 });
    const offsets = server.seen.map(({ target }) => /offset=(\d+)/.exec(target)?.[1]);
    expect(offsets).toEqual(['0', '100', '200', '200', '300']);
  });

  it.each(['half', 'html', 'reset'] as const)('W4 a page that came as %s is fetched again', async (kind) => {
    connectors.server.faults.add({ party: 'people', kind, on: 'offset=100' });
    const runId = await connectors.runOf(GET_ALL);
    expect(await connectors.bench.run(runId)).toMatchObject({ status: 'complete', records_in: 350 });
    expect(connectors.server.seen).toHaveLength(5);
  });

  it('W4 refused credentials fail it at once, and stand in nothing that is kept', async () => {
    connectors.renew({ PEOPLE_API_TOKEN: 'a-wrong-token' });
    const runId = await connectors.runOf(GET_ALL);
    const run = await connectors.bench.run(runId);
    expect(run).toMatchObject({ status: 'failed', error_tag: 'AuthenticationError' });
    expect(connectors.server.seen).toHaveLength(1);
    expect(JSON.stringify([run, await connectors.bench.steps(runId)])).not.toContain('a-wrong-token');
  });

  it('W4 a refusal keeps the JSON:API body with its pointer, and is not repeated', async () => {
    const pointer = '/data/attributes/birthdate';
    connectors.server.faults.add({ party: 'people', kind: 'status', status: 422, pointer });
    const runId = await connectors.runOf(GET_ALL);
    expect(await connectors.bench.run(runId)).toMatchObject({
      status: 'failed',
      error_tag: 'ValidationError',
      result_json: {
        activity: 'people',
        cause: { status: 422, body: { errors: [{ source: { pointer } }] } },
      },
    });
    expect(connectors.server.seen).toHaveLength(1);
  });

  it('W7 B22 a rate limit is waited for, and then everyone is there', async () => {
    connectors.server.faults.add({
      party: 'people',
      kind: 'status',
      status: 429,
      retryAfter: '19',
      times: 3,
    });
    const runId = await connectors.runOf(GET_ALL);
    expect(await connectors.bench.run(runId)).toMatchObject({ status: 'complete', records_in: 350 });
  });

  it('W7 takes for gone whom the API does not list any more', async () => {
    const people = connectors.server.parties.people.collections['people'];
    const [gone] = people?.splice(5, 1) ?? [];
    const runId = await connectors.runOf(GET_ALL);
    expect(await connectors.bench.run(runId)).toMatchObject({ result_json: { gone: 1 } });
    expect(await codesHeld('people')).not.toContain(gone?.id);
    const changes = connectors.bench.database.db.selectFrom('change_events').selectAll().execute();
    expect(await changes).toEqual([]);
  });

  it('W2 B33 a walk that is retried after a later one has passed takes nobody away', async () => {
    const { bench, server, runOf } = connectors;
    server.faults.add({ party: 'people', kind: 'status', status: 401, on: 'offset=300' });
    const failed = await runOf(GET_ALL);
    expect(await bench.run(failed)).toMatchObject({ status: 'failed', records_in: 300 });
    await runOf(GET_ALL);
    await bench.retry(workflowNamed(GET_ALL), failed);
    expect(await bench.run(failed)).toMatchObject({ status: 'complete', result_json: { gone: 0 } });
    expect(await codesHeld('people')).toEqual(idsOf('people'));
  });

  it('O6 B30 an emptied list takes nobody away', async () => {
    const before = await codesHeld('people');
    connectors.server.faults.add({ party: 'people', kind: 'emptied' });
    const runId = await connectors.runOf(GET_ALL);
    expect(await connectors.bench.run(runId)).toMatchObject({ status: 'failed' });
    expect(await codesHeld('people')).toEqual(before);
  });

  it('W4 a next page that is no further ends it with an error, and not never', async () => {
    const { people } = connectors.server.parties;
    const { answer } = people;
    people.answer = (request) => {
      const { status, body } = answer(request);
      const stuck = { ...(body as object), links: { next: 'http://elsewhere.example/v2/people?offset=0' } };
      return { status, body: stuck };
    };
    const runId = await connectors.runOf(GET_ALL);
    people.answer = answer;
    expect(await connectors.bench.run(runId)).toMatchObject({
      status: 'failed',
      error_tag: 'InternalServerError',
    });
  });

  it('W7 cannot start while it is not configured', async () => {
    connectors.renew({ PEOPLE_API_URL: undefined });
    const starting = connectors.bench.start(workflowNamed(GET_ALL));
    await expect(starting).rejects.toThrow('the settings PEOPLE_API_URL are not set');
  });
});

describe('SyncAllPeople', () => {
  it('W7 walks every list of the API, a step each', async () => {
    const runId = await connectors.runOf('SyncAllPeople');
    expect(await connectors.bench.steps(runId)).toEqual([
      'init: complete',
      ...['people', 'households', 'emails', 'phone_numbers', 'addresses', 'close_walks'].map(
        (step) => `${step}: complete`,
      ),
    ]);
    for (const list of ['people', 'households', 'emails', 'phone_numbers', 'addresses']) {
      expect(await codesHeld(list), list).toEqual(idsOf(list));
    }
  });

  it('W7 does not run beside a walk of one of its lists: each would take for gone what the other met', async () => {
    const runId = await connectors.bench.start(workflowNamed(GET_ALL));
    const starting = connectors.bench.start(workflowNamed('SyncAllPeople'));
    await expect(starting).rejects.toThrow(`cannot start while ${runId} goes on`);
    const request = {
      organizationId: 'org',
      by: 'a test',
      correlationId: 'c',
      alongside: async () => undefined,
    };
    const { services } = connectors.bench;
    const triggering = trigger(services, workflows, workflowNamed('SyncAllPeople'), request);
    await expect(triggering).rejects.toThrow(`cannot start while ${runId} goes on`);
    await connectors.bench.workAll(workflowNamed(GET_ALL));
  });
});
