import { QueueServiceClient } from '@azure/storage-queue';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessHandlers } from '../../functions/access/index.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import { ApiError } from '../../functions/platform/outbound/apiError.ts';
import { outcome } from '../../functions/workflows/durable/outcome.ts';
import { slicesQueue, workflowHandlers, workflowSlices } from '../../functions/workflows/index.ts';
import { type Azurite, startAzurite } from '../../local/azurite/index.ts';
import { createClient } from '../../shared/client/index.ts';
import { createToken } from '../../shared/contract/access.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';
import { startSeverableProxy } from '../support/severable-proxy.ts';
import { beginOnTerminal, beginSyncTool, json, type Said, syncToolHere } from '../support/sync-tool.ts';
import { insertPastRun, workflowOf } from '../support/workflows.ts';

let folder = '';
let azurite: Azurite;
let hosted: HostedApp;
let viewerToken = '';

/** Opened by a test: what `Patient` waits for. */
let gate = Promise.withResolvers<undefined>();
let reached = Promise.withResolvers<undefined>();

const counts = workflowOf(
  async ({ activity }, payload) => {
    const rows = (payload as { rows: number }).rows;
    await activity('count_rows', async () => outcome({ result: rows, recordsIn: rows, recordsOut: rows }));
    return { message: `${String(rows)} rows` };
  },
  { name: 'SyncAllPeople', summary: 'Counts rows.', payload: z.object({ rows: z.int().default(3) }) },
);
const fails = workflowOf(
  async ({ activity }) => {
    await activity('ask', async () => {
      throw new ApiError('ValidationError', 'no \u001b[31mred\u001b[0m names', {
        api: { body: { errors: [{ source: { pointer: '/data/name\u001b]0;title\u0007' } }] } },
      });
    });
    return null;
  },
  { name: 'Refused' },
);
const patient = workflowOf(
  async ({ activity, seed }) => {
    await seed(['first', 'second']);
    await activity('first', async () => outcome({ result: 1, recordsIn: 1200 }));
    await activity('second', async () => {
      reached.resolve(undefined);
      await gate.promise;
      return 2;
    });
    return null;
  },
  { name: 'Patient', exclusive: true },
);
const unready = workflowOf(async () => null, { name: 'Unready', needs: ['RUNBOOK_URL'] });
const workflows = [counts, fails, patient, unready];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sync-tool-'));
  azurite = await startAzurite({ dataDir: folder, log: () => undefined });
  const { connectionString } = azurite;
  hosted = await startHostedApp({
    handlers: [...accessHandlers, ...observatoryHandlers, ...workflowHandlers(workflows)],
    queues: [slicesQueue(workflowSlices(workflows))],
    settings: { AzureWebJobsStorage: connectionString },
    queueConnectionString: connectionString,
  });
  const { email, password } = hosted.admin;
  const signedIn = await fetch(`${hosted.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: hosted.url },
    body: JSON.stringify({ email, password }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const admin = createClient({ baseUrl: hosted.url, headers: () => ({ cookie, origin: hosted.url }) });
  ({ token: viewerToken } = await admin.call(createToken, { body: { name: 'viewer', role: 'viewer' } }));
});
afterAll(async () => {
  gate.resolve(undefined);
  await hosted.close();
  await azurite.close();
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({ DATASYNC_URL: hosted.url, DATASYNC_TOKEN: hosted.admin.token });
/** The program itself, and, for all that does not depend on the process, the same in this one. */
const program = (...args: string[]): Promise<Said> => beginSyncTool(args, { env: env() }).ended;
const tool = (...args: string[]): Promise<Said> => syncToolHere(args, { env: env() });
const viewer = (...args: string[]): Promise<Said> =>
  syncToolHere(args, { env: { ...env(), DATASYNC_TOKEN: viewerToken } });

describe('sync-tool workflow', () => {
  it('W6 starts a workflow by name with a payload from the line, a file or standard input, and waits for its end', async () => {
    const file = join(folder, 'payload.json');
    await writeFile(file, '\uFEFF{"rows": 5}');
    const line = ['workflow', 'start', 'SyncAllPeople', '--wait', '--json', '--payload'];
    const all = await Promise.all([
      tool(...line, '{"rows": 4}'),
      tool(...line, `@${file}`),
      beginSyncTool([...line, '-'], { env: env(), stdin: '{"rows": 6}' }).ended,
    ]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(all.map((one) => json(one).result)).toEqual(
      [4, 5, 6].map((n) => ({ message: `${String(n)} rows` })),
    );
    expect(json(all[0]).run).toMatchObject({ syncType: 'SyncAllPeople', status: 'complete', recordsIn: 4 });
    // No terminal: no progress, only what was begun.
    expect(all[0].err).toMatch(/^started sync-all-people-\S+\n$/);
  });

  it('W6 start without --wait prints the run’s id alone, so that a script can go on with it', async () => {
    const { code, out, err } = await program('workflow', 'start', 'SyncAllPeople');
    expect([code, err]).toEqual([0, '']);
    const shown = await tool('run', out.trim(), '--wait');
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/count_rows\s+complete\s+3\s+3/);
    const listed = json(await tool('workflow', 'list', '--name', 'SyncAllPeople', '--json'));
    expect(listed.workflows).toHaveLength(1);
    expect(listed.runs.map(({ runId }) => runId)).toContain(out.trim());
  });

  it('W6 S9 a run that failed ends with 1 and is shown with cause and advice; foreign text steers no terminal', async () => {
    const { code, out } = await tool('workflow', 'start', 'Refused', '--wait');
    expect(code).toBe(1);
    expect(out).toContain('Failed: no \\u{1b}[31mred\\u{1b}[0m names');
    expect(out).toContain('a retry sends the same again');
    expect(out).toMatch(/sync-tool workflow retry refused-\S+/);
    expect(out).toContain('/data/name\\u001b]0;title');
    expect(out).not.toMatch(/[^\n\x20-\x7e\u00a0-\uffff]/);
    const listed = await tool('workflow', 'list', '--status', 'failed');
    expect(listed.out).toMatch(/refused-\S+\s+failed/);
  });

  it('W2 W6 pause, resume, terminate and retry say the new state; what the state does not allow is 5', async () => {
    gate = Promise.withResolvers();
    reached = Promise.withResolvers();
    const { runId } = json(await tool('workflow', 'start', 'Patient', '--json'));
    await reached.promise;
    const second = await tool('workflow', 'start', 'Patient');
    expect([second.code, second.out]).toEqual([5, '']);
    expect(second.err).toMatch(
      /^sync-tool: It is running already\nPatient cannot start while patient-\S+ goes on/,
    );
    const paused = json(await tool('workflow', 'pause', runId, '--reason', 'a look', '--json'));
    expect(paused.run).toMatchObject({ runId, status: 'paused' });
    const resumed = await tool('workflow', 'resume', runId);
    expect([resumed.code, resumed.out]).toEqual([0, expect.stringMatching(/patient-\S+ +running/)]);
    gate.resolve(undefined);
    expect(await tool('run', runId, '--wait')).toMatchObject({ code: 0, err: '' });
    const refused = await tool('workflow', 'terminate', runId, '--json');
    expect(refused.code).toBe(5);
    expect(json(refused).error).toMatchObject({ exitCode: 5, code: 'wrong-state' });
  });

  it('W6 Ctrl-C while waiting ends with 130 and says that the run goes on, and how to look at it', async () => {
    gate = Promise.withResolvers();
    reached = Promise.withResolvers();
    const waiting = beginSyncTool(['workflow', 'start', 'Patient', '--wait'], { env: env() });
    await reached.promise;
    await waiting.says('started patient');
    waiting.interrupt();
    const { code, out, err } = await waiting.ended;
    expect([code, out]).toEqual([130, '']);
    const runId = /sync-tool run (patient\S+)/.exec(err)?.[1] ?? '';
    expect(err).toContain('Watching ended; the run goes on');
    const limited = await tool('run', runId, '--wait', '--timeout', '1', '--json');
    expect(limited.code).toBe(7);
    expect(json(limited).error).toMatchObject({ runId });
    const ended = await tool('workflow', 'terminate', runId, '--json');
    expect([ended.code, json(ended).run['status']]).toEqual([0, 'terminated']);
    gate.resolve(undefined);
  });

  it('W6 progress, colours and the width are those of the terminal; NO_COLOR takes the colours', async () => {
    gate = Promise.withResolvers();
    reached = Promise.withResolvers();
    const waiting = beginOnTerminal(['workflow', 'start', 'Patient', '--wait'], env());
    await reached.promise;
    await waiting.says('1,200 read');
    gate.resolve(undefined);
    const { code, out } = await waiting.ended;
    expect(code).toBe(0);
    expect(out).toContain('\u001b[32mcomplete');
    const list = ['workflow', 'list'];
    const [coloured, plain, piped] = await Promise.all([
      beginOnTerminal(list, env()).ended,
      beginOnTerminal(list, { ...env(), NO_COLOR: '1' }).ended,
      tool(...list),
    ]);
    expect(coloured.out).toContain('\u001b[');
    expect(plain.out).not.toContain('\u001b[');
    expect(Math.max(...plain.out.split(/\r?\n/).map((text) => text.length))).toBeLessThanOrEqual(80);
    expect(piped.out).not.toContain('\u001b[');
    expect(piped.out).toContain('RUNBOOK_URL');
  });
});

describe('sync-tool where something went wrong', () => {
  it('W5 W6 logs are lines for people and for programs; those of a run that goes on are followed to its end, a server that is away for a moment notwithstanding', async () => {
    gate = Promise.withResolvers();
    reached = Promise.withResolvers();
    const { runId } = json(await tool('workflow', 'start', 'Patient', '--json'));
    await reached.promise;
    const { hostname: host, port } = new URL(hosted.url);
    const network = await startSeverableProxy({ host, port: Number(port) });
    const by = { ...env(), DATASYNC_URL: `http://127.0.0.1:${String(network.port)}` };
    const following = beginSyncTool(['workflow', 'logs', runId, '--follow', '--json'], { env: by });
    await following.says('first');
    network.sever();
    gate.resolve(undefined);
    await expect.poll(() => network.refused()).toBeGreaterThan(0);
    network.mend();
    const { code, out, err } = await following.ended;
    await network.close();
    expect([code, err]).toEqual([0, '']);
    const followed = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(done(followed)).toEqual(['first', 'second']);
    const all = JSON.parse((await tool('workflow', 'logs', runId, '--json')).out) as { lines: Line[] };
    expect(all.lines).toEqual(followed);
    const errors = await tool('workflow', 'logs', runId, '--level', 'Warning,Error');
    expect([errors.code, errors.out]).toEqual([0, 'No line.\n']);
    const text = await tool('workflow', 'logs', runId);
    expect(text.out).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z Information first {2}activity done {2}\{.*\}$/m,
    );
    expect((await tool('workflow', 'logs', 'nothing-2026', '--follow')).code).toBe(4);
  });

  it('W10 retry --tag shows first, does it with --yes as a run that one may wait for; a permanent tag is 5', async () => {
    const ids = ['failed-one', 'failed-two'];
    for (const id of ids)
      await insertPastRun(hosted.database, { id, syncType: 'SyncAllPeople', status: 'failed' });
    await hosted.database.db
      .updateTable('sync_runs')
      .set({ error_tag: 'TimeoutError' })
      .where('id', 'in', ids)
      .execute();
    const preview = await tool('workflow', 'retry', '--tag', 'TimeoutError');
    expect(preview.code).toBe(0);
    expect(preview.out).toMatch(
      /failed-one +failed[^]*failed-two +failed[^]*2 runs would be retried; nothing was touched/,
    );
    expect(json(await tool('run', 'failed-one', '--json')).run).toMatchObject({ status: 'failed' });
    expect((await viewer('workflow', 'retry', '--tag', 'TimeoutError')).code).toBe(3);
    const ofAnother = await tool('workflow', 'retry', '--tag', 'TimeoutError', '--name', 'Patient');
    expect([ofAnother.code, ofAnother.out]).toEqual([0, 'No failed run has this tag.\n']);
    const permanent = await tool('workflow', 'retry', '--tag', 'ValidationError', '--yes');
    expect([permanent.code, permanent.err]).toEqual([
      5,
      expect.stringContaining('ValidationError is permanent'),
    ]);
    const did = await tool(
      'workflow',
      'retry',
      '--tag',
      'TimeoutError',
      '--yes',
      '--wait',
      '--per-minute',
      '600',
    );
    expect(did.code).toBe(0);
    expect(did.err).toMatch(/^started bulk-retry-/);
    const [one, two] = await Promise.all(ids.map((id) => tool('run', id, '--wait', '--json')));
    expect([one?.code, two?.code]).toEqual([0, 0]);
    expect((await tool('workflow', 'retry', '--tag', 'TimeoutError')).out).toBe(
      'No failed run has this tag.\n',
    );
    expect((await tool('workflow', 'retry', 'a-run', '--tag', 'TimeoutError')).code).toBe(2);
  });

  it('W9 poison messages are listed and put back', async () => {
    const runId = 'failed-three';
    await insertPastRun(hosted.database, { id: runId, syncType: 'SyncAllPeople', status: 'failed' });
    const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
      'slices-poison',
    );
    await queue.createIfNotExists();
    const text = Buffer.from(JSON.stringify({ runId, slice: 0 })).toString('base64');
    const { messageId } = await queue.sendMessage(text);
    const list = await tool('poison', 'list');
    expect(list.out).toMatch(
      new RegExp(`${messageId} .* failed-three +failed +\\{"runId":"failed-three","slice":0\\}`),
    );
    expect((await tool('poison', 'replay')).code).toBe(2);
    const replayed = await tool('poison', 'replay', messageId);
    expect([replayed.code, replayed.out]).toEqual([0, '1 message put back\n']);
    expect((await tool('poison', 'list')).out).toBe('No message.\n');
  });
});

describe('what sync-tool is told', () => {
  it('W6 nonsense is 2, also what only the server can judge, and one JSON document with --json', async () => {
    const [unknown, refused] = await Promise.all([
      program('nonsense', '--json'),
      tool('workflow', 'start', 'SyncAllPeople', '--payload', '{"rows":"x"}', '--json'),
    ]);
    expect([unknown.code, json(unknown).error['exitCode']]).toEqual([2, 2]);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /^sync-tool: The request is not what this endpoint takes\n.*\n {2}\/payload\/rows: /,
    );
    expect(json(refused).error).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/payload/rows' }],
    });
  });

  it('W6 no token, a wrong one and one with too small a role are 3; unknown things are 4; a missing setting is 5', async () => {
    const none = await syncToolHere(['runs'], { env: { DATASYNC_URL: hosted.url } });
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('set DATASYNC_TOKEN')]);
    const wrong = { ...env(), DATASYNC_TOKEN: 'dst_nobody' };
    const [unknown, small, looking, noRun, noName, lacking] = await Promise.all([
      beginSyncTool(['runs', '--json'], { env: wrong }).ended,
      viewer('workflow', 'start', 'SyncAllPeople'),
      viewer('runs', '--json'),
      tool('workflow', 'show', 'nothing-2026'),
      tool('workflow', 'start', 'Nobody'),
      tool('workflow', 'start', 'Unready'),
    ]);
    expect([unknown.code, json(unknown).error['code']]).toEqual([3, 'not-signed-in']);
    expect([small.code, looking.code]).toEqual([3, 0]);
    expect([noRun.code, noName.code]).toEqual([4, 4]);
    expect(noName.err).toContain('This server knows: SyncAllPeople, Refused');
    expect([lacking.code, lacking.err]).toEqual([5, expect.stringContaining('RUNBOOK_URL')]);
  });

  it('W6 a server that is away, answers nonsense or goes away while one waits is 6', async () => {
    const nonsense = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>((resolve) => nonsense.listen(0, '127.0.0.1', resolve));
    const { port } = nonsense.address() as AddressInfo;
    const at = (url: string, ...args: string[]): Promise<Said> =>
      syncToolHere([...args, '--server', url], { env: env() });
    try {
      const [away, other, unsure, waiting] = await Promise.all([
        at('http://127.0.0.1:9', 'runs', '--json'),
        at(`http://127.0.0.1:${String(port)}`, 'runs'),
        at('http://127.0.0.1:9', 'workflow', 'start', 'SyncAllPeople'),
        at('http://127.0.0.1:9', 'run', 'a-run', '--wait', '--timeout', '1'),
      ]);
      expect([away.code, other.code, unsure.code, waiting.code]).toEqual([6, 6, 6, 6]);
      expect(json(away).error['code']).toBe('unreachable');
      expect(unsure.err).toContain('Whether SyncAllPeople was started is not known');
      expect(waiting.err).toContain('sync-tool run a-run --wait');
    } finally {
      nonsense.close();
    }
  });
});

interface Line {
  readonly message: string;
  readonly activityName: string | null;
}
const done = (lines: readonly Line[]) =>
  lines.filter(({ message }) => message === 'activity done').map(({ activityName }) => activityName);
