import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_MAX_BODY_BYTES, type Endpoint } from '../../shared/contract/endpoint.ts';
import { endpoints } from '../../shared/contract/index.ts';
import { problemDocument } from '../../shared/contract/problems.ts';
import { handle } from '../../functions/platform/http/handler.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';

/** Every endpoint of the contract behind the real edge and host; the work only notes that it was reached. */
let hosted: HostedApp;
const reached: string[] = [];
const agentKey = 'the-key-of-an-approved-agent';

beforeAll(async () => {
  hosted = await startHostedApp({
    handlers: endpoints.map((endpoint) =>
      handle(endpoint, async () => {
        reached.push(endpoint.name);
        return { body: {} };
      }),
    ),
  });
  await addRunner('r1', agentKey);
});
beforeEach(() => {
  reached.length = 0;
});
afterAll(async () => {
  await hosted.close();
});

async function addRunner(id: string, key: string, changes: object = {}): Promise<void> {
  const at = new Date();
  const key_hash = createHash('sha256').update(key).digest('hex');
  const names = { name: id, host_name: 'pc', platform: 'linux', time_zone: 'UTC', share_name: id };
  const row = {
    ...names,
    status: 'active',
    generation: 1,
    version: 1,
    created_at: at,
    updated_at: at,
  } as const;
  await hosted.database.db
    .insertInto('runners')
    .values({ id, organization_id: 'default', key_hash, key_slot: key_hash, ...row, ...changes })
    .execute();
}

function credentialsFor(endpoint: Endpoint): Record<string, string> {
  if (endpoint.callers.includes('public')) return {};
  if (endpoint.callers.includes('agent')) return { authorization: `Bearer ${agentKey}` };
  if (endpoint.callers.includes('workflow')) return { 'x-api-key': hosted.workflowKey };
  return { authorization: `Bearer ${hosted.admin.token}` };
}

const pathOf = (endpoint: Endpoint) => endpoint.path.replace(/\{\w+\}/g, 'r1');

interface Sent {
  readonly headers?: Record<string, string>;
  readonly path?: string;
}

async function send(endpoint: Endpoint, body: string | Buffer | null, { headers, path }: Sent = {}) {
  const response = await fetch(hosted.url + (path ?? pathOf(endpoint)), {
    method: endpoint.method,
    headers: { 'content-type': 'application/json', ...credentialsFor(endpoint), ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A problem document that tells nothing of the inside. */
function expectProblem(answer: Awaited<ReturnType<typeof send>>, status: number, code: string) {
  const document = problemDocument.parse(JSON.parse(answer.text));
  expect([answer.status, document.status, document.code]).toEqual([status, status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(document.correlationId).toBe(answer.headers.get('x-correlation-id'));
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.text).not.toMatch(/node_modules|\.ts:|\bat \w+ \(|postgres:/);
  for (const secret of [hosted.ciSecret, hosted.workflowKey, hosted.admin.token, agentKey])
    expect(answer.text).not.toContain(secret);
  return document;
}

const withBody = endpoints.filter(
  ({ method, body }) => method !== 'GET' && !body.safeParse(undefined).success,
);
const named = (name: string): Endpoint => {
  const found = endpoints.find((endpoint) => endpoint.name === name);
  if (found === undefined) throw new Error(`no endpoint ${name}`);
  return found;
};

describe('every endpoint that takes a body', () => {
  it.each(withBody.map((endpoint) => [endpoint.name, endpoint] as const))(
    'F4 %s refuses what is not JSON, of another type, or absent',
    async (_, endpoint) => {
      expectProblem(await send(endpoint, '{"a":'), 400, 'malformed-json');
      expectProblem(await send(endpoint, Buffer.from([0x22, 0xc3, 0x28, 0x22])), 400, 'malformed-json');
      expectProblem(
        await send(endpoint, '{}', { headers: { 'content-type': 'text/xml' } }),
        415,
        'wrong-media-type',
      );
      expectProblem(await send(endpoint, null), 400, 'invalid-request');
      expect(reached).toEqual([]);
    },
  );

  it.each(withBody.map((endpoint) => [endpoint.name, endpoint] as const))(
    'B29 %s refuses a body over its limit',
    async (_, endpoint) => {
      const limit = endpoint.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
      expectProblem(await send(endpoint, Buffer.alloc(limit + 1, 0x20)), 413, 'body-too-large');
      expect(reached).toEqual([]);
    },
  );

  it('F4 reaches the work exactly when the contract takes the value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...withBody), fc.jsonValue(), async (endpoint, value) => {
        reached.length = 0;
        const answer = await send(endpoint, JSON.stringify(value));
        if (endpoint.body.safeParse(value).success) {
          expect(reached).toEqual([endpoint.name]);
        } else {
          expect(reached).toEqual([]);
          expect(expectProblem(answer, 400, 'invalid-request').errors?.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 150 },
    );
  });
});

const agentBodies = {
  'agent-enrol': {
    keyHash: 'a'.repeat(64),
    pairingCode: 'ABCD-1234',
    hostName: 'pc',
    platform: 'linux',
    timeZone: 'UTC',
    agentVersion: '1.0',
    jobs: [{ name: 'j', kind: 'geometry', sourcePath: 'D:\\ARGO' }],
  },
  'agent-heartbeat': {
    instanceNonce: 'n'.repeat(16),
    agentVersion: '1.0.93.0',
    hostName: 'pc',
    platform: 'linux',
    timeZone: 'UTC',
    status: 'idle',
    active_jobs: [],
    azureFilesStatus: 'ok',
    clock: '2026-04-13T02:00:00.000Z',
    credentialExpiresAt: null,
    acknowledgedCommandIds: [],
    jobs: [],
    inFlight: [],
  },
  'agent-run-begin': { jobId: 'j1', correlationId: randomUUID(), trigger: 'schedule' },
  'agent-run-compare': {
    correlationId: randomUUID(),
    folders: [{ folder: '', digest: null, files: [{ path: 'a.dat', sizeBytes: 1, mtimeMs: 2 }] }],
  },
  'agent-run-complete': { correlationId: randomUUID(), results: [] },
} as const;
const agentSamples = Object.entries(agentBodies).map(([name, body]) => [name, named(name), body] as const);

describe('what agents send', () => {
  it.each(agentSamples)('F4 %s takes a sound body, and no unknown field', async (name, endpoint, body) => {
    expect((await send(endpoint, JSON.stringify(body))).status).toBeLessThan(300);
    expect(reached).toEqual([name]);
    const refused = await send(endpoint, JSON.stringify({ ...body, surprise: 1 }));
    expect(expectProblem(refused, 400, 'invalid-request').errors?.[0]?.pointer).toBe('/body/surprise');
    expect(reached).toEqual([name]);
  });

  it('F4 __proto__ and constructor are unknown fields like any other', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const text = JSON.stringify(agentBodies['agent-run-begin']).replace('{', `{"${name}":{"admin":true},`);
      expectProblem(await send(named('agent-run-begin'), text), 400, 'invalid-request');
    }
    expect(reached).toEqual([]);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('F4 a wrong type anywhere in a sound body is refused where it stands', async () => {
    const sample = fc.constantFrom(...agentSamples);
    await fc.assert(
      fc.asyncProperty(sample, fc.nat(), fc.jsonValue(), async ([name, endpoint, body], pick, value) => {
        reached.length = 0;
        const keys = Object.keys(body);
        const changed = { ...body, [keys[pick % keys.length] ?? '']: value };
        const answer = await send(endpoint, JSON.stringify(changed));
        const isSound = endpoint.body.safeParse(JSON.parse(JSON.stringify(changed))).success;
        expect(reached).toEqual(isSound ? [name] : []);
        if (!isSound) expectProblem(answer, 400, 'invalid-request');
      }),
      { numRuns: 150 },
    );
  });

  const wayOut = fc.oneof(
    fc.constantFrom('..', '../x', 'a/../../x', './a', 'a//b', '/etc/passwd', 'C:/x', 'c:x', 'C:\\x'),
    fc.constantFrom('a\\b', '\\\\server\\share', 'a\0b', '\0', 'a/..', 'a/.', '/', '', 'a/', '\ud800'),
    fc
      .array(fc.constantFrom('..', 'a', '\\', '\0'), { minLength: 1 })
      .map((parts) => [...parts, '..'].join('/')),
  );

  it('F15 no path of a manifest leads out of its folder', async () => {
    await fc.assert(
      fc.asyncProperty(wayOut, async (path) => {
        const { correlationId } = agentBodies['agent-run-compare'];
        const files = [{ path, sizeBytes: 1, mtimeMs: 2 }];
        const body = { correlationId, folders: [{ folder: 'a', digest: null, files }] };
        const document = expectProblem(
          await send(named('agent-run-compare'), JSON.stringify(body)),
          400,
          'invalid-request',
        );
        expect(document.errors?.[0]?.pointer).toBe('/body/folders/0/files/0/path');
      }),
      { numRuns: 60 },
    );
    expect(reached).toEqual([]);
  });

  it('F15 nor does a folder, or where a file was archived', async () => {
    const { correlationId } = agentBodies['agent-run-compare'];
    const result = {
      path: 'a.dat',
      outcome: 'archived',
      sizeBytes: 1,
      mtimeMs: 2,
      sha256: 'b'.repeat(64),
      etag: '"1"',
      shareModifiedAt: '2026-04-13T02:00:00.000Z',
      bytesSent: 1,
      attempts: 1,
      error: null,
    };
    for (const path of ['..', '/a', 'C:/a', 'a\\b', 'a\0b', 'a/../b']) {
      const compare = { correlationId, folders: [{ folder: path, digest: null }] };
      expectProblem(await send(named('agent-run-compare'), JSON.stringify(compare)), 400, 'invalid-request');
      const complete = { correlationId, results: [{ ...result, archivedPath: path }] };
      expectProblem(
        await send(named('agent-run-complete'), JSON.stringify(complete)),
        400,
        'invalid-request',
      );
    }
    expect(reached).toEqual([]);
  });
});

describe('every endpoint', () => {
  const guarded = endpoints.filter(({ callers }) => !callers.includes('public'));

  it.each(guarded.map((endpoint) => [endpoint.name, endpoint] as const))(
    'A2 %s answers 401 without credentials and with wrong ones, before it looks at anything else',
    async (_, endpoint) => {
      const body = endpoint.method === 'GET' ? null : 'not even JSON';
      const wrong = [
        {},
        { authorization: 'Basic eDp5' },
        { authorization: 'Bearer dst_guess' },
        { authorization: 'Bearer guess' },
        { 'x-ci-secret': 'guess' },
        { 'x-api-key': 'guess' },
        { cookie: 'datasync_session=guess' },
      ];
      for (const headers of wrong) {
        const response = await fetch(hosted.url + pathOf(endpoint), {
          method: endpoint.method,
          headers,
          body,
        });
        expect([headers, response.status]).toEqual([headers, 401]);
        expect(response.headers.get('www-authenticate')).toContain('Bearer');
      }
      expect(reached).toEqual([]);
    },
  );

  const withParameters = endpoints.filter(({ path }) => path.includes('{'));

  it.each(withParameters.map((endpoint) => [endpoint.name, endpoint] as const))(
    'F4 %s refuses an id that is none',
    async (_, endpoint) => {
      const path = endpoint.path.replace(/\{\w+\}/g, encodeURIComponent("x';--"));
      expectProblem(
        await send(endpoint, endpoint.method === 'GET' ? null : '{}', { path }),
        400,
        'invalid-request',
      );
      expect(reached).toEqual([]);
    },
  );

  it.each(endpoints.map((endpoint) => [endpoint.name, endpoint] as const))(
    'A1 %s refuses a query parameter that it does not know',
    async (_, endpoint) => {
      const path = `${pathOf(endpoint)}?surprise=1`;
      const refused = await send(endpoint, endpoint.method === 'GET' ? null : '{}', { path });
      expect(expectProblem(refused, 400, 'invalid-request').errors).toContainEqual({
        pointer: '/query/surprise',
        message: 'is not known here',
      });
      expect(reached).toEqual([]);
    },
  );

  it('D5 keeps the caller’s correlation id where it may stand in a log, and makes one where not', async () => {
    const ask = (id: string) => fetch(`${hosted.url}/api/health`, { headers: { 'x-correlation-id': id } });
    expect((await ask('run-7')).headers.get('x-correlation-id')).toBe('run-7');
    expect((await ask('a b"}')).headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('paths that no endpoint takes', () => {
  it('L3 below /api are problem documents that say what the path takes', async () => {
    const get = async (path: string, method = 'GET') => {
      const response = await fetch(hosted.url + path, { method });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    expectProblem(await get('/api/nothing'), 404, 'not-found');
    const wrongMethod = expectProblem(await get('/api/health', 'DELETE'), 404, 'not-found');
    expect(wrongMethod.detail).toContain('wanted: GET');
    expectProblem(await get('/api/agents/heartbeat'), 404, 'not-found');
  });
});

describe('keys of agents', () => {
  const heartbeat = () => named('agent-heartbeat');
  const beat = (key: string) =>
    send(heartbeat(), JSON.stringify(agentBodies['agent-heartbeat']), {
      headers: { authorization: `Bearer ${key}` },
    });

  it('F1 B48 a key whose runner was given to another agent is told so, and an unknown one is not', async () => {
    await addEnrolment('superseded-key', 'superseded');
    await addEnrolment('earlier-key', 'approved');
    await addEnrolment('rejected-key', 'rejected');
    await addEnrolment('pending-key', 'pending');
    expectProblem(await beat('superseded-key'), 409, 'runner-superseded');
    expectProblem(await beat('earlier-key'), 409, 'runner-superseded');
    expectProblem(await beat('rejected-key'), 401, 'agent-key-unknown');
    expectProblem(await beat('pending-key'), 401, 'agent-key-unknown');
    expectProblem(await beat('never-seen'), 401, 'agent-key-unknown');
    expect(reached).toEqual([]);
  });

  it('F1 a disabled runner is refused, and not told to enrol again', async () => {
    await addRunner('off', 'disabled-key', { status: 'disabled' });
    expectProblem(await beat('disabled-key'), 403, 'not-allowed');
  });

  it('F1 an id chosen to look like the hash of a key opens nothing', async () => {
    const hash = createHash('sha256').update('chosen-key').digest('hex');
    await addRunner(hash, 'unused', { key_hash: null, key_slot: hash });
    expectProblem(await beat('chosen-key'), 401, 'agent-key-unknown');
  });

  it('A3 a person’s token is no agent key', async () => {
    expectProblem(await beat(hosted.admin.token), 403, 'not-allowed');
  });

  async function addEnrolment(key: string, status: 'superseded' | 'approved' | 'rejected' | 'pending') {
    const at = new Date();
    const key_hash = createHash('sha256').update(key).digest('hex');
    const names = {
      host_name: 'pc',
      platform: 'linux',
      time_zone: 'UTC',
      agent_version: '1.0',
      address: 'x',
    };
    const times = { created_at: at, last_seen_at: at, expires_at: at };
    await hosted.database.db
      .insertInto('enrolments')
      .values({
        id: key,
        organization_id: 'default',
        key_hash,
        pairing_code: 'ABCD-1234',
        runner_id: 'r1',
        proposed_jobs_json: '[]' as never,
        status,
        version: 1,
        ...names,
        ...times,
      })
      .execute();
  }
});
