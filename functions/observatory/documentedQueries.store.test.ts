import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tSqlFaultOf } from '../../test/support/t-sql.ts';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../../test/support/workflows.ts';
import { recordAudit } from '../access/index.ts';
import { type Database, json, openDatabase } from '../platform/database/index.ts';
import { ApiError } from '../platform/outbound/apiError.ts';
import { writeStep, writeContext } from '../platform/runs/index.ts';
import { startRun } from '../workflows/startRun.ts';

interface Question {
  readonly title: string;
  readonly postgres: string;
  readonly mssql: string;
}

const HOUR_MS = 3_600_000;
const CYCLE = 'tga-sync-2026-04-13T02-00-00Z';
const page = await readFile(new URL('../../docs/sql.md', import.meta.url), 'utf8');
const questions = questionsOf(page);

let bench: WorkflowBench;
/** Another way in: the bench's own refuses what is not said in both dialects. */
let plain: Database;
let failedId = '';

beforeAll(async () => {
  bench = await openWorkflowBench();
  plain = await openDatabase({ url: bench.database.url });
  await fillDatabase();
});
afterAll(async () => {
  await plain.close();
  await bench.close();
});

/** The first row of each answer, by the title of its question. */
const firstRows: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  'Which workflows failed, and why': () => ({
    id: failedId,
    name: 'SyncAllPeople',
    status: 'failed',
    error_message: 'no such field',
  }),
  'What ran since yesterday': () => ({
    id: CYCLE,
    sync_type: 'tga_sync',
    status: 'running',
    trigger_kind: 'cron',
  }),
  'The latest run of every worker': () => ({
    sync_type: 'tga_sync',
    id: CYCLE,
    status: 'running',
    records_in: 40,
  }),
  'Failed steps of the last 7 days': () => ({
    run_id: CYCLE,
    step: 'sync_training',
    status: 'error',
    attempts: 1,
  }),
  'The steps of one run': () => ({ step: 'init', kind: 'init', status: 'complete', triggered_by: 'cron' }),
  'Where the training.gov.au cycle stands': () => ({
    run_id: CYCLE,
    status: 'running',
    phase: 'sync_training',
    slice: 1,
  }),
  'The phases of the newest training.gov.au cycle': () => ({ run_id: CYCLE, step: 'init', kind: 'init' }),
  'What changed in registers this week': () => ({
    event_type: 'superseded',
    old_value: 'BSB30120',
    run_id: CYCLE,
  }),
  'Which cycles a volume check stopped': () => ({ target: 'orgs', previous_total: 4000, live_total: 3 }),
  'Runs that say running and are silent': () => ({ sync_type: 'Silent' }),
  'Runs whose next slice is overdue': () => ({ sync_type: 'Silent', status: 'running', slice: 0 }),
  'Which instruments are silent': () => ({ name: 'ARGO1', last_heartbeat: null, active_jobs: null }),
  'Files archived without a checksum': () => ({
    path: '2026-04-13/a.geo',
    checksum: null,
    size_bytes: 20_000,
  }),
  'Which files were lost': () => ({ job_id: 'argo1.geometry', path: 'lost.geo', size_bytes: 7 }),
  'Which timers ran last': () => ({ timer_name: 'sweep-dispatch', failed: 1 }),
  'Who did what since yesterday': () => ({ actor: 'ada@example.org', action: 'workflow_run.retried' }),
};

describe('the page of questions to the database', () => {
  it('O10 W3 asks each question in both dialects; what is expected of each is known here', () => {
    expect(questions.map(({ title }) => title)).toEqual(Object.keys(firstRows));
    expect(page.match(/^```sql/gm)).toHaveLength(2 * questions.length);
  });

  it('W3 has the query for failed workflows word for word', () => {
    const query =
      "SELECT id, name, status, payload, created_at, updated_at, result ->> 'message' AS error_message FROM workflows WHERE status = 'failed' ORDER BY updated_at DESC";
    expect(questions[0]?.postgres).toBe(query);
  });

  it('O10 names every view, and the columns that people look for', () => {
    const asked = questions.map(({ postgres }) => postgres).join('\n');
    const views = [
      'workflows',
      'tga_sync_steps',
      'tga_sync_cursor',
      'regulatory_events',
      'latest_runs',
      'failed_steps',
    ];
    for (const source of [...views, 'sync_runs', 'sync_steps', 'runners', 'sync_run_files'])
      expect(asked).toMatch(new RegExp(`FROM ${source}\\b`));
    for (const column of ['active_jobs', 'last_heartbeat', 'checksum', 'last_activity_at', 'created_at'])
      expect(asked).toMatch(new RegExp(`\\b${column}\\b`));
  });

  it.each(questions)('O10 $title: runs as written, and answers', async ({ title, postgres, mssql }) => {
    const text = plain.dialect === 'postgres' ? postgres : mssql;
    const { rows } = await sql.raw<Record<string, unknown>>(text).execute(plain.db);
    expect(rows[0]).toMatchObject(firstRows[title]?.() ?? {});
    expect(rows.every((row) => Object.keys(row).length > 2)).toBe(true);
  });

  it.each(questions)(
    'O10 $title: is T-SQL in its other form, for the same columns',
    ({ postgres, mssql }) => {
      expect(tSqlFaultOf(mssql)).toBeUndefined();
      expect(columnsOf(mssql)).toEqual(columnsOf(postgres));
    },
  );

  it('W3 a message is that of the failure, and null where a run fell silent', async () => {
    const { rows } = await sql
      .raw<{ error_message: string | null }>(questions[0]?.[plain.dialect] ?? '')
      .execute(plain.db);
    expect(rows.map((row) => row.error_message)).toEqual(['no such field', null]);
  });
});

/** `## title`, some words, the query for PostgreSQL and the one in T-SQL. */
function questionsOf(text: string): Question[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      title: part.split('\n', 1)[0] ?? '',
      postgres: fenced(part, 'postgres'),
      mssql: fenced(part, 't-sql'),
    }));
}

function fenced(part: string, dialect: string): string {
  return new RegExp(`^\`\`\`sql ${dialect}\\n(.*?)\\n\`\`\`$`, 'ms').exec(part)?.[1] ?? '';
}

/** Names of what is selected, as the reader sees them. */
function columnsOf(query: string): string[] {
  const selected = /^SELECT (?:TOP \(\d+\) )?(.*?)\s+FROM /s.exec(query)?.[1] ?? '';
  return selected.split(/, (?![^(]*\))/).map((column) => /(\w+)$/.exec(column)?.[1] ?? column);
}

/** A bad night, the oldest first: something for each question. */
async function fillDatabase(): Promise<void> {
  await anInstrument();
  await aLoss();
  await silentRun();
  failedId = await failedRun();
  await stoppedCycle();
  await whatItSaw();
  await whoAndWhat();
}

async function failedRun(): Promise<string> {
  const workflow = workflowOf(
    ({ activity }) =>
      activity('people.getAll', () => {
        throw new ApiError('ValidationError', 'no such field');
      }),
    { name: 'SyncAllPeople' },
  );
  bench.services.advance(1000);
  const runId = await bench.start(workflow);
  await bench.workAll(workflow);
  return runId;
}

/** A cycle whose second phase waits to be repeated. */
async function stoppedCycle(): Promise<void> {
  const workflow = workflowOf(
    async ({ seed, activity, pages }) => {
      await seed(['sweep_statuses', 'sync_training']);
      await pages('sweep_statuses', {
        first: 1,
        fetch: () => Promise.resolve({ rows: Array.from({ length: 40 }), next: null }),
        apply: (rows) => Promise.resolve(rows.length),
      });
      await activity('sync_training', () => Promise.reject(new ApiError('TimeoutError', 'no answer')), {
        phase: true,
      });
    },
    { name: 'tga_sync' },
  );
  bench.services.advance(1000);
  const request = {
    organizationId: 'org',
    payload: {},
    triggeredBy: null,
    dueAt: new Date('2026-04-13T02:00:00Z'),
  };
  await startRun(bench.services, workflow, request);
  await bench.work(workflow);
  await bench.work(workflow);
}

/** Two runs that nobody hears of: one was closed for it, the other is not yet. */
async function silentRun(): Promise<void> {
  const workflow = workflowOf(() => Promise.resolve(null), { name: 'Silent' });
  const { db } = bench.database;
  const hourAgo = new Date(bench.services.now().getTime() - HOUR_MS);
  const closed = {
    status: 'stale',
    status_reason: 'no sign of life for 60 min',
    ended_at: hourAgo,
    updated_at: hourAgo,
  } as const;
  for (const set of [closed, { last_activity_at: hourAgo, next_slice_at: hourAgo }]) {
    const id = await bench.start(workflow);
    bench.services.sent.length = 0;
    bench.services.advance(1000);
    await db.updateTable('sync_runs').set(set).where('id', '=', id).execute();
  }
}

/** One that was never heard of, and a file of its run without a hash. */
async function anInstrument(): Promise<void> {
  const { database, services } = bench;
  const at = services.now();
  const base = { organization_id: 'org', version: 1, created_at: at, updated_at: at };
  const runner = {
    id: 'argo1',
    name: 'ARGO1',
    host_name: 'ARGO1',
    platform: 'win32',
    time_zone: 'UTC',
    share_name: 'argo1',
  };
  await database.db
    .insertInto('runners')
    .values({ ...base, ...runner, status: 'active', generation: 1, key_slot: 'argo1' })
    .execute();
  const copying = workflowOf(() => Promise.resolve(null), { name: 'file_sync' });
  const run_id = await bench.start(copying);
  services.sent.length = 0;
  await writeStep(
    database.db,
    run_id,
    { step: 'upload', kind: 'work', status: 'running' },
    writeContext(services),
  );
  const file = {
    path_key: Buffer.alloc(32, 1),
    path: '2026-04-13/a.geo',
    outcome: 'archived',
    state: 'archived',
  } as const;
  await database.db
    .insertInto('sync_run_files')
    .values({ ...file, run_id, size_bytes: 20_000, bytes_sent: 20_000, attempts: 1, updated_at: at })
    .execute();
}

async function aLoss(): Promise<void> {
  const { db } = bench.database;
  const at = bench.services.now();
  const job = { id: 'argo1.geometry', organization_id: 'org', runner_id: 'argo1', name: 'geometry' };
  const where = { source_path: '/data', share_name: 'argo1', share_path: '', schedule_seconds: 300 };
  await db
    .insertInto('jobs')
    .values({
      ...job,
      ...where,
      kind: 'geometry',
      include_json: json([]),
      exclude_json: json([]),
      enabled: true,
      config_version: 1,
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
  const keys = { state_key: Buffer.alloc(32, 1), path_key: Buffer.alloc(32, 2) };
  const file = { path: 'lost.geo', size_bytes: 7, source_mtime_ms: at.getTime() };
  await db
    .insertInto('lost_files')
    .values({ ...keys, ...file, job_id: job.id, run_id: 'long-gone', lost_at: at })
    .execute();
}

async function whatItSaw(): Promise<void> {
  const { db } = bench.database;
  const of = { organization_id: 'org', run_id: CYCLE, created_at: bench.services.now() };
  const event = { id: 'change-1', register: 'tga', event_type: 'superseded', entity_type: 'qualification' };
  await db
    .insertInto('change_events')
    .values({ ...of, ...event, entity_code: 'BSB30120', old_value: 'BSB30120', new_value: 'BSB30122' })
    .execute();
  const check = { id: 'check-1', sync_type: 'tga_sync', target: 'orgs', previous_total: 4000, live_total: 3 };
  await db
    .insertInto('sentinel_log')
    .values({ ...of, ...check, verdict: 'stopped' })
    .execute();
}

async function whoAndWhat(): Promise<void> {
  const { database, services } = bench;
  const at = services.now();
  await database.db
    .insertInto('timer_ticks')
    .values({ timer_name: 'sweep-dispatch', due_at: at, instance_id: 'i', started_at: at, error: 'away' })
    .execute();
  await recordAudit(database.db, {
    id: services.newId(),
    at,
    organizationId: 'org',
    actor: { kind: 'system', name: 'ada@example.org' },
    action: 'workflow_run.retried',
    subjectType: 'run',
    subjectId: failedId,
  });
}
