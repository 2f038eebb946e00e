import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessHandlers } from '../../functions/access/index.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import { json as toJson } from '../../functions/platform/database/index.ts';
import { ApiError } from '../../functions/platform/outbound/apiError.ts';
import { outcome } from '../../functions/workflows/durable/outcome.ts';
import { insertWorkflowRun } from '../../functions/workflows/runStore.ts';
import { slicesQueue, workflowHandlers, workflowSlices } from '../../functions/workflows/index.ts';
import { type Azurite, startAzurite } from '../../local/azurite/index.ts';
import { createClient } from '../../shared/client/index.ts';
import { createToken } from '../../shared/contract/access.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';
import { beginOnTerminal, beginSyncTool, type Said, syncToolHere } from '../support/sync-tool.ts';
import { workflowOf } from '../support/workflows.ts';

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
  const headers = () => ({ authorization: `Bearer ${hosted.admin.token}` });
  const admin = createClient({ baseUrl: hosted.url, headers });
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
/** What `--json` printed; each test looks at the members that its command gives. */
interface Printed {
  readonly runId: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  readonly runs: readonly { readonly runId: string }[];
  readonly workflows: readonly unknown[];
  readonly changes: readonly { readonly changeId: string }[];
  readonly error: Readonly<Record<string, unknown>>;
}
const json = ({ out }: Said) => JSON.parse(out) as Printed;

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
    expect(second.err).toMatch(/^sync-tool: It is running already\nPatient cannot start while patient-\S+ goes on/);
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

  it('O1 O7 runs are found by prefix, type and dates; changes by register and run; long feeds come page by page', async () => {
    const runId = await someChanges(620);
    const [day, none, long, of, table] = await Promise.all([
      tool(
        'runs',
        '--prefix',
        'tga-sync-2026-04',
        '--type',
        'tga_sync',
        '--from',
        '2026-04-13',
        '--to',
        '2026-04-13',
        '--json',
      ),
      tool('runs', '--prefix', 'tga-sync-2026-05'),
      tool('changes', '--register', 'tga', '--limit', '610', '--json'),
      tool('changes', '--run', runId, '--type', 'status_changed', '--json'),
      tool('changes', '--run', runId, '--limit', '1'),
    ]);
    expect(json(day).runs).toMatchObject([{ runId, status: 'complete' }]);
    expect([none.code, none.out]).toEqual([0, 'No run.\n']);
    expect(new Set(json(long).changes.map(({ changeId }) => changeId)).size).toBe(610);
    expect(json(of).changes).toHaveLength(50);
    expect(table.out).toContain('training_component \\u{202e}BSB0');
    expect(table.err).toContain('There are more');
  });
});

/** A register's run of a day with what it found. */
async function someChanges(count: number): Promise<string> {
  const { db } = hosted.database;
  const { id: organizationId } = await db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
  const at = new Date('2026-04-13T02:00:00Z');
  const runId = 'tga-sync-2026-04-13T02-00-00Z';
  await insertRun(organizationId, runId, at);
  const row = (n: number) => ({
    id: `change-${String(n)}`,
    organization_id: organizationId,
    run_id: runId,
    register: 'tga',
    event_type: 'status_changed',
    entity_type: 'training_component',
    entity_code: `\u202eBSB${String(n)}`,
    old_value: 'Current',
    new_value: 'Superseded',
    detail: null,
    created_at: new Date(at.getTime() - n),
  });
  for (let n = 0; n < count; n += 100) {
    const rows = Array.from({ length: Math.min(100, count - n) }, (_, index) => row(n + index));
    await db.insertInto('change_events').values(rows).execute();
  }
  return runId;
}

async function insertRun(organizationId: string, id: string, at: Date): Promise<void> {
  await insertWorkflowRun(
    hosted.database.db,
    {
      id,
      organization_id: organizationId,
      sync_type: 'tga_sync',
      correlation_id: id,
      live_key: id,
      status: 'complete',
      status_reason: null,
      trigger_kind: 'cron',
      triggered_by: null,
      payload_json: toJson({}),
      code_version: '0.1.0',
    },
    at,
  );
}
