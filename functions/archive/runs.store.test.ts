import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedAgent,
  begunRun,
  openTestArchive,
  operator,
  proposed,
  resultOf,
  type TestAgent,
  type TestArchive,
  unarchived,
} from '../../test/support/archiveServices.ts';
import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { pathKeyHex } from '../../shared/domain/paths.ts';
import { closeRun, stepsOf, writeContext } from '../platform/runs/index.ts';
import { begin } from './beginRun.ts';
import { compare } from './compareRun.ts';
import { complete } from './completeRun.ts';
import { changeJob } from './jobs.ts';

type Complete = Parameters<typeof complete>[3];
type Compare = Parameters<typeof compare>[3];

let archive: TestArchive;
let agent: TestAgent;
beforeEach(async () => {
  archive = await openTestArchive();
  agent = await approvedAgent(archive);
});
afterEach(() => archive.close());

const mtimeMs = 1_769_000_000_000;
const file = (path: string, at = mtimeMs, sizeBytes = 1000) => ({ path, sizeBytes, mtimeMs: at });
const digestOf = (files: readonly ReturnType<typeof file>[]) =>
  folderDigest(files.map((each) => ({ keyHex: pathKeyHex(each.path), ...each })));
const listed = (
  folder: string,
  files: readonly ReturnType<typeof file>[],
  digest: string | null = digestOf(files),
) => ({
  folder,
  digest,
  files: [...files],
});
const begun = (correlationId?: string) => begunRun(archive, agent, correlationId);
const sendManifest = (run: { runId: string; correlationId: string }, folders: Compare['folders']) =>
  compare(archive.services, agent, run.runId, { correlationId: run.correlationId, folders });
const send = (
  run: { runId: string; correlationId: string },
  results: Complete['results'],
  closing?: Partial<NonNullable<Complete['closing']>>,
) =>
  complete(archive.services, agent, run.runId, {
    correlationId: run.correlationId,
    results,
    ...(closing === undefined
      ? {}
      : {
          closing: {
            expectedResults: results.length,
            filesExamined: results.length,
            error: null,
            ...closing,
          },
        }),
  });
const runRow = (runId: string) =>
  archive.database.db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
const indexRows = () => archive.database.db.selectFrom('synced_files').selectAll().orderBy('path').execute();
const folderRows = () =>
  archive.database.db.selectFrom('synced_folders').selectAll().orderBy('folder').execute();
const alerts = () => archive.database.db.selectFrom('alerts').selectAll().execute();
const orphan = async (runId: string) => {
  const { version } = await runRow(runId);
  const closure = { runId, version, status: 'stale', reason: 'no sign of life for 30 min' } as const;
  await closeRun(archive.database.db, closure, writeContext(archive.services));
};

describe('begin', () => {
  it('F4 gives the same run for the same correlation id, also to many at once', async () => {
    const correlationId = randomUUID();
    const body = { jobId: agent.jobId, correlationId, trigger: 'schedule' } as const;
    const answers = await Promise.all(Array.from({ length: 6 }, () => begin(archive.services, agent, body)));
    expect(new Set(answers.map((answer) => answer.runId)).size).toBe(1);
    expect(answers.filter((answer) => !answer.resumed)).toHaveLength(1);
    expect(answers[0]?.runId).toMatch(/^file-sync-2026-11-22T12-00-00Z-[0-9a-f]{12}$/);
    const run = await runRow(answers[0]!.runId);
    expect(run).toMatchObject({ status: 'running', generation: 1, live_key: agent.jobId });
    const steps = await stepsOf(archive.database.db, run);
    expect(steps.map((step) => [step.step, step.status])).toEqual([
      ['init', 'complete'],
      ['compare', 'pending'],
      ['complete', 'pending'],
      ['upload', 'pending'],
    ]);
  });

  it('F4 B33 one live run a job: a new one closes the older as superseded, and that one cannot go on', async () => {
    const older = await begun();
    archive.services.advance(1000);
    const newer = await begun();
    expect(await runRow(older.runId)).toMatchObject({ status: 'stale', status_reason: 'superseded' });
    expect(await runRow(newer.runId)).toMatchObject({ status: 'running', live_key: agent.jobId });
    const again = { jobId: agent.jobId, correlationId: older.correlationId, trigger: 'schedule' } as const;
    await expect(begin(archive.services, agent, again)).rejects.toMatchObject({ code: 'run-superseded' });
    await expect(sendManifest(older, [])).rejects.toMatchObject({ code: 'run-superseded' });
  });

  it('F4 of many that begin at once, one run lives and every other is superseded', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => begun()));
    const rows = await Promise.all(runs.map((run) => runRow(run.runId)));
    expect(rows.filter((row) => row.status === 'running')).toHaveLength(1);
    expect(rows.filter((row) => row.status_reason === 'superseded')).toHaveLength(4);
  });

  it('A5 F4 knows no other runner’s job and no other runner’s run', async () => {
    const other = await approvedAgent(archive, { hostName: 'ARGO4' });
    const body = { jobId: agent.jobId, correlationId: randomUUID(), trigger: 'schedule' } as const;
    await expect(begin(archive.services, other, body)).rejects.toMatchObject({ code: 'not-found' });
    const run = await begun();
    const foreign = { correlationId: run.correlationId, results: [resultOf('a.geo')] };
    await expect(complete(archive.services, other, run.runId, foreign)).rejects.toMatchObject({
      code: 'run-unknown',
    });
    const stolen = { ...body, jobId: other.jobId, correlationId: run.correlationId };
    await expect(begin(archive.services, other, stolen)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(await indexRows()).toEqual([]);
  });

  it('F3 F16 begins nothing for a job that is paused or disabled', async () => {
    const decision = { organizationId: 'org', actor: operator, runnerId: agent.runnerId, jobId: agent.jobId };
    await changeJob(archive.services, decision, { pausedReason: 'the source looks empty' });
    await expect(begun()).rejects.toMatchObject({ code: 'job-paused' });
    await changeJob(archive.services, decision, { pausedReason: null, enabled: false });
    await expect(begun()).rejects.toMatchObject({ code: 'job-paused' });
    await changeJob(archive.services, decision, { enabled: true });
    await begun();
    const job = await archive.database.db.selectFrom('jobs').selectAll().executeTakeFirstOrThrow();
    expect(job.config_version).toBe(4);
  });

  it('S1 F4 brings a run back that was taken for dead', async () => {
    const run = await begun();
    await orphan(run.runId);
    expect(await begun(run.correlationId)).toEqual(run);
    expect(await runRow(run.runId)).toMatchObject({
      status: 'running',
      live_key: agent.jobId,
      ended_at: null,
    });
  });
});

describe('compare', () => {
  it('F4 asks for what the index does not hold with that size and time, nearest to the purge first', async () => {
    const run = await begun();
    await send(run, [resultOf('d/a.geo'), resultOf('d/b.geo')]);
    const files = [
      file('d/a.geo'),
      file('d/b.geo', mtimeMs, 1001),
      file('d/c.geo', mtimeMs - 5),
      file('d/a2.geo', mtimeMs - 9),
      file('d/A.GEO2'),
    ];
    const answer = await sendManifest(run, [listed('d', files)]);
    expect(answer.needed).toEqual(['d/a2.geo', 'd/c.geo', 'd/A.GEO2', 'd/b.geo']);
    expect(answer.changedFolders).toEqual([]);
    expect(await runRow(run.runId)).toMatchObject({ files_needed: 4, status: 'running' });
  });

  it('F4 counts nothing twice when a request is repeated', async () => {
    const run = await begun();
    const first = listed('d', [file('d/a.geo'), file('d/b.geo')]);
    for (let times = 0; times < 3; times += 1) await sendManifest(run, [first]);
    await sendManifest(run, [listed('e', [file('e/a.geo')])]);
    expect(await runRow(run.runId)).toMatchObject({ files_needed: 3 });
    const step = (await stepsOf(archive.database.db, await runRow(run.runId))).find(
      (each) => each.step === 'compare',
    );
    expect(step).toMatchObject({ records_in: 3, records_out: 3, status: 'running' });
  });

  it('F4 knows a folder by its digest once every listed file proved to be in the index', async () => {
    const run = await begun();
    const files = [file('d/a.geo'), file('d/b.geo')];
    const question = { folder: 'd', digest: digestOf(files) };
    expect((await sendManifest(run, [question])).changedFolders).toEqual(['d']);
    await sendManifest(run, [listed('d', files)]);
    expect((await sendManifest(run, [question])).changedFolders).toEqual(['d']);
    await send(run, [resultOf('d/a.geo'), resultOf('d/b.geo')]);
    await sendManifest(run, [listed('d', files)]);
    expect((await sendManifest(run, [question])).changedFolders).toEqual([]);
    expect(
      (await sendManifest(run, [{ folder: 'd', digest: digestOf(files.slice(1)) }])).changedFolders,
    ).toEqual(['d']);
    expect(await folderRows()).toMatchObject([
      { folder: 'd', digest: digestOf(files), file_count: 2, generation: 0 },
    ]);
  });

  it('F4 records no digest for a list that is only a part of the folder', async () => {
    const run = await begun();
    await send(run, [resultOf('d/a.geo')]);
    await sendManifest(run, [listed('d', [file('d/a.geo')], null)]);
    expect(await folderRows()).toEqual([]);
  });

  it('F15 B26 refuses manifests that do not hold together, and changes nothing', async () => {
    const run = await begun();
    const wrong: Compare['folders'][] = [
      [listed('d', [file('d/a.geo')], digestOf([file('d/b.geo')]))],
      [listed('d', [file('e/a.geo')])],
      [listed('d', [file('d/a.geo'), file('d/A.geo')])],
      [listed('d', [file('d/a.geo')]), listed('D', [])],
    ];
    for (const folders of wrong) {
      await expect(sendManifest(run, folders)).rejects.toMatchObject({ code: 'invalid-request' });
    }
    expect(await folderRows()).toEqual([]);
    expect((await runRow(run.runId)).files_needed).toBe(0);
  });
});

describe('complete', () => {
  it('F4 ends a run as complete: the index, the totals and the steps agree', async () => {
    const run = await begun();
    await sendManifest(run, [listed('d', [file('d/a.geo'), file('d/b.geo')])]);
    await send(run, [resultOf('d/a.geo')]);
    const answer = await send(run, [resultOf('d/b.geo')], { expectedResults: 2, filesExamined: 10 });
    expect(answer).toEqual({ status: 'complete', filesArchived: 2, filesSkipped: 0, filesFailed: 0 });
    expect(await runRow(run.runId)).toMatchObject({
      status: 'complete',
      files_examined: 10,
      files_needed: 2,
      files_archived: 2,
      bytes_archived: 2000,
      expected_results: 2,
      live_key: run.runId,
    });
    const steps = await stepsOf(archive.database.db, await runRow(run.runId));
    expect(steps.map((step) => [step.step, step.status])).toEqual([
      ['init', 'complete'],
      ['compare', 'complete'],
      ['upload', 'complete'],
      ['complete', 'complete'],
    ]);
    expect((await indexRows()).map((row) => [row.path, row.checksum, row.run_id])).toEqual([
      ['d/a.geo', resultOf('d/a.geo').sha256, run.runId],
      ['d/b.geo', resultOf('d/b.geo').sha256, run.runId],
    ]);
  });

  it('S11 F4 an idle cycle is a complete run with nothing to do', async () => {
    const run = await begun();
    await sendManifest(run, [{ folder: 'd', digest: digestOf([]) }]);
    expect(await send(run, [], { filesExamined: 500 })).toMatchObject({ status: 'complete' });
  });

  it.each([
    ['partial', [resultOf('a.geo'), unarchived('b.geo', 'unreadable')], null],
    [
      'complete',
      [resultOf('a.geo'), unarchived('b.geo', 'still_writing'), unarchived('c?', 'name_unsupported')],
      null,
    ],
    ['partial', [resultOf('a.geo')], 'the share stopped answering'],
    ['failed', [], 'the source cannot be read'],
    ['failed', [unarchived('b.geo', 'share_unavailable')], 'the share does not answer'],
  ] as const)('F4 F15 ends as %s', async (status, results, error) => {
    const run = await begun();
    expect(await send(run, [...results], { error })).toMatchObject({ status });
    expect(await runRow(run.runId)).toMatchObject({ status, status_reason: error });
  });

  it('F4 the same chunk twice, and the closing one, changes nothing', async () => {
    const run = await begun();
    const results = [resultOf('a.geo'), unarchived('b.geo', 'locked')];
    const answers = [];
    for (let times = 0; times < 3; times += 1) answers.push(await send(run, results, {}));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await indexRows()).toHaveLength(1);
    const changes = await archive.database.db
      .selectFrom('state_changes')
      .select('new_state')
      .where('subject_id', '=', run.runId)
      .execute();
    expect(changes).toEqual([{ new_state: 'complete' }]);
  });

  it('F4 says which results are missing, keeps what came, and ends when they arrive', async () => {
    const run = await begun();
    await sendManifest(run, [listed('', [file('b.geo'), file('a.geo', mtimeMs - 1), file('c.geo')])]);
    await expect(send(run, [resultOf('c.geo')], { expectedResults: 3 })).rejects.toMatchObject({
      code: 'results-missing',
      more: { extra: { missingCount: 2, missing: ['a.geo', 'b.geo'] } },
    });
    expect(await runRow(run.runId)).toMatchObject({ status: 'running', files_archived: 1 });
    await send(run, [resultOf('a.geo')]);
    expect(await send(run, [resultOf('b.geo')], { expectedResults: 3 })).toMatchObject({
      status: 'complete',
    });
  });

  it('F6 B32 old results replayed late never undo newer ones, whatever the order', async () => {
    const older = resultOf('a.geo', {
      shareModifiedAt: '2026-11-22T11:00:00.000Z',
      sizeBytes: 1,
      etag: 'old',
    });
    const newer = resultOf('a.geo', {
      shareModifiedAt: '2026-11-22T11:30:00.000Z',
      sizeBytes: 2,
      etag: 'new',
    });
    const run = await begun();
    await send(run, [newer]);
    await send(run, [older]);
    await send(run, [newer, older]);
    await send(run, [older, newer]);
    expect(await indexRows()).toMatchObject([{ etag: 'new', size_bytes: 2 }]);
  });

  it('F4 B32 an outcome that came late does not undo that the file was archived', async () => {
    const run = await begun();
    await send(run, [resultOf('a.geo', { attempts: 2 })]);
    const answer = await send(run, [unarchived('a.geo', 'locked', { attempts: 1 })], { expectedResults: 1 });
    expect(answer).toMatchObject({ status: 'complete', filesArchived: 1, filesSkipped: 0 });
  });

  it('F6 results of a superseded run reach the index, and the run stays closed', async () => {
    const older = await begun();
    archive.services.advance(1000);
    await begun();
    expect(await send(older, [resultOf('a.geo')], {})).toMatchObject({ status: 'stale', filesArchived: 1 });
    expect(await indexRows()).toMatchObject([{ path: 'a.geo', run_id: older.runId }]);
    expect(await runRow(older.runId)).toMatchObject({
      status: 'stale',
      status_reason: 'superseded',
      files_archived: 1,
    });
  });

  it('S1 S14 B7 results revive a run that was taken for dead, and it ends properly', async () => {
    const run = await begun();
    await orphan(run.runId);
    expect(await send(run, [resultOf('a.geo')])).toMatchObject({ status: 'running' });
    expect(await runRow(run.runId)).toMatchObject({
      status: 'running',
      live_key: agent.jobId,
      status_reason: null,
    });
    await orphan(run.runId);
    expect(await send(run, [resultOf('b.geo')], { expectedResults: 2 })).toMatchObject({
      status: 'complete',
    });
  });

  it('S1 a run taken for dead whose job has moved on stays closed; its results are kept', async () => {
    const older = await begun();
    await orphan(older.runId);
    archive.services.advance(1000);
    const newer = await begun();
    expect(await send(older, [resultOf('a.geo')], {})).toMatchObject({ status: 'stale' });
    expect(await runRow(newer.runId)).toMatchObject({ status: 'running', live_key: agent.jobId });
    expect(await indexRows()).toHaveLength(1);
  });

  it('F4 replacing a row of the index ends the digest of its folder', async () => {
    const run = await begun();
    const files = [file('d/a.geo')];
    await send(run, [resultOf('d/a.geo')]);
    await sendManifest(run, [listed('d', files)]);
    await send(run, [resultOf('d/a.geo', { etag: 'again', shareModifiedAt: '2026-11-22T12:00:01.000Z' })]);
    expect(await folderRows()).toMatchObject([{ digest: digestOf(files), generation: 0 }]);
    await send(run, [resultOf('d/a.geo', { sizeBytes: 5, shareModifiedAt: '2026-11-22T12:00:02.000Z' })]);
    expect(await folderRows()).toMatchObject([{ digest: null, generation: 1 }]);
    expect((await sendManifest(run, [{ folder: 'd', digest: digestOf(files) }])).changedFolders).toEqual([
      'd',
    ]);
  });

  it('F5 a source that changed after archiving has both its files in the index', async () => {
    const run = await begun();
    await send(run, [resultOf('d/a.geo')]);
    const changed = {
      outcome: 'archived_changed',
      mtimeMs: mtimeMs + 1,
      archivedPath: 'd/a~1-ab.geo',
    } as const;
    await send(run, [resultOf('d/a.geo', changed)]);
    expect((await indexRows()).map((row) => [row.path, row.source_path])).toEqual([
      ['d/a.geo', 'd/a.geo'],
      ['d/a~1-ab.geo', 'd/a.geo'],
    ]);
    expect((await sendManifest(run, [listed('d', [file('d/a.geo', mtimeMs + 1)])])).needed).toEqual([]);
    expect((await sendManifest(run, [listed('d', [file('d/a.geo')])])).needed).toEqual([]);
  });

  it('F14 a file that vanished unarchived is data loss, told once however often it is reported', async () => {
    const run = await begun();
    await send(run, [resultOf('kept.geo')]);
    const chunk = [unarchived('lost.geo', 'vanished'), unarchived('kept.geo', 'vanished', { attempts: 9 })];
    await send(run, chunk);
    await send(run, chunk);
    expect(await alerts()).toMatchObject([
      { fingerprint: `data-loss:${agent.jobId}`, severity: 'critical', class: 'data_loss', seen_count: 1 },
    ]);
    expect((await alerts())[0]?.detail).toContain('lost.geo');
    expect((await alerts())[0]?.detail).not.toContain('kept.geo');
    expect(await send(run, [], { expectedResults: 2 })).toMatchObject({ status: 'partial', filesFailed: 1 });
  });

  it('F15 B26 a file that lost its name to another of the same letters has a row of its own', async () => {
    const run = await begun();
    const answer = await send(run, [resultOf('d/A.geo'), unarchived('d/a.geo', 'name_case_conflict')], {});
    expect(answer).toMatchObject({ status: 'complete', filesArchived: 1, filesSkipped: 1 });
  });

  it('F15 B24 B54 keeps names that no share can hold, and a chunk of a thousand results', async () => {
    const run = await begun();
    const names = ['a\uFFFDb', 'tail. ', 'CON', 'x'.repeat(300), '\u{1F600}.geo', 'a:b?*'];
    const odd = names.map((name) => unarchived(name, 'name_unsupported'));
    const many = Array.from({ length: 994 }, (_, index) => resultOf(`many/${String(index)} \u{1F600}.geo`));
    expect(await send(run, [...odd, ...many], {})).toMatchObject({ status: 'complete', filesArchived: 994 });
  });

  it('F4 B11 chunks of one run and of another, all at once, neither deadlock nor lose a result', async () => {
    const older = await begun();
    archive.services.advance(1000);
    const newer = await begun();
    const paths = Array.from({ length: 60 }, (_, index) => `d/${String(index)}.geo`);
    const chunks = Array.from({ length: 12 }, (_, turn) => {
      const results = paths.map((path) =>
        resultOf(path, {
          shareModifiedAt: new Date(Date.UTC(2026, 10, 22, 12, 0, turn)).toISOString(),
          sizeBytes: turn,
        }),
      );
      return send(turn % 2 === 0 ? older : newer, turn % 3 === 0 ? results.toReversed() : results);
    });
    await Promise.all(chunks);
    const rows = await indexRows();
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map((row) => row.size_bytes))).toEqual(new Set([11]));
    for (const run of [older, newer]) expect(await runRow(run.runId)).toMatchObject({ files_archived: 60 });
  });

  it('F4 a chunk that fails half-way leaves nothing: no index row, no total', async () => {
    const run = await begun();
    const services = {
      ...archive.services,
      newId: () => {
        throw new Error('no ids left');
      },
    };
    const body = {
      correlationId: run.correlationId,
      results: [resultOf('a.geo'), unarchived('b.geo', 'vanished')],
    };
    await expect(complete(services, agent, run.runId, body)).rejects.toThrow('no ids left');
    expect(await indexRows()).toEqual([]);
    expect((await runRow(run.runId)).files_archived).toBe(0);
    expect(await send(run, body.results, {})).toMatchObject({ filesArchived: 1, filesFailed: 1 });
  });
});

describe('what two jobs of a runner share', () => {
  it('F3 A5 each job has an index of its own', async () => {
    const both = await approvedAgent(archive, { hostName: 'TWO', jobs: [proposed('one'), proposed('two')] });
    const run = await begunRun(archive, both);
    const body = { correlationId: run.correlationId, results: [resultOf('a.geo')] };
    await complete(archive.services, both, run.runId, body);
    const second = { ...both, jobId: 'two.two' };
    const other = await begunRun(archive, second);
    const answer = await compare(archive.services, second, other.runId, {
      correlationId: other.correlationId,
      folders: [listed('', [file('a.geo')])],
    });
    expect(answer.needed).toEqual(['a.geo']);
  });
});
