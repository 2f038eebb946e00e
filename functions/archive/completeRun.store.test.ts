import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileResult } from '../../shared/contract/agents.ts';
import {
  openTestArchive,
  resultOf,
  type TestAgent,
  type TestArchive,
  unarchived,
} from '../../test/support/archiveServices.ts';
import {
  agentAtNoon,
  digestOf,
  file,
  type FileSyncs,
  listed,
  mtimeMs,
} from '../../test/support/fileSyncs.ts';
import { stepsOf } from '../platform/runs/index.ts';
import { complete } from './completeRun.ts';

let archive: TestArchive;
let agent: TestAgent;
let syncs: FileSyncs;
beforeAll(async () => {
  archive = await openTestArchive();
});
beforeEach(async () => {
  ({ agent, syncs } = await agentAtNoon(archive));
});
afterAll(() => archive.close());

describe('complete', () => {
  it('F4 ends a run as complete: the index, the totals and the steps agree', async () => {
    const run = await syncs.begun();
    await syncs.sendManifest(run, [listed('d', [file('d/a.geo'), file('d/b.geo')])]);
    await syncs.send(run, [resultOf('d/a.geo')]);
    const answer = await syncs.send(run, [resultOf('d/b.geo')], { expectedResults: 2, filesExamined: 10 });
    expect(answer).toEqual({ status: 'complete', filesArchived: 2, filesSkipped: 0, filesFailed: 0 });
    expect(await syncs.runRow(run.runId)).toMatchObject({
      status: 'complete',
      files_examined: 10,
      files_needed: 2,
      files_archived: 2,
      bytes_archived: 2000,
      expected_results: 2,
      live_key: run.runId,
    });
    const steps = await stepsOf(archive.database.db, await syncs.runRow(run.runId));
    expect(steps.map((step) => [step.step, step.status])).toEqual([
      ['init', 'complete'],
      ['compare', 'complete'],
      ['upload', 'complete'],
      ['complete', 'complete'],
    ]);
    expect((await syncs.indexRows()).map((row) => [row.path, row.checksum, row.run_id])).toEqual([
      ['d/a.geo', resultOf('d/a.geo').sha256, run.runId],
      ['d/b.geo', resultOf('d/b.geo').sha256, run.runId],
    ]);
  });

  it('S11 F4 an idle cycle is a complete run with nothing to do', async () => {
    const run = await syncs.begun();
    await syncs.sendManifest(run, [{ folder: 'd', digest: digestOf([]) }]);
    expect(await syncs.send(run, [], { filesExamined: 500 })).toMatchObject({ status: 'complete' });
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
    const run = await syncs.begun();
    expect(await syncs.send(run, [...results], { error })).toMatchObject({ status });
    expect(await syncs.runRow(run.runId)).toMatchObject({ status, status_reason: error });
  });

  it('F4 the same chunk twice, and the closing one, changes nothing', async () => {
    const run = await syncs.begun();
    const results = [resultOf('a.geo'), unarchived('b.geo', 'locked')];
    const answers = [];
    for (let times = 0; times < 3; times += 1) answers.push(await syncs.send(run, results, {}));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await syncs.indexRows()).toHaveLength(1);
    const changes = await archive.database.db
      .selectFrom('state_changes')
      .select('new_state')
      .where('subject_id', '=', run.runId)
      .execute();
    expect(changes).toEqual([{ new_state: 'complete' }]);
  });

  it('F4 says which results are missing, keeps what came, and ends when they arrive', async () => {
    const run = await syncs.begun();
    await syncs.sendManifest(run, [listed('', [file('b.geo'), file('a.geo', mtimeMs - 1), file('c.geo')])]);
    await expect(syncs.send(run, [resultOf('c.geo')], { expectedResults: 3 })).rejects.toMatchObject({
      code: 'results-missing',
      more: { extra: { missingCount: 2, missing: ['a.geo', 'b.geo'] } },
    });
    expect(await syncs.runRow(run.runId)).toMatchObject({ status: 'running', files_archived: 1 });
    await syncs.send(run, [resultOf('a.geo')]);
    expect(await syncs.send(run, [resultOf('b.geo')], { expectedResults: 3 })).toMatchObject({
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
    const run = await syncs.begun();
    for (const results of [[newer], [older], [newer, older], [older, newer], [older]]) {
      await syncs.send(run, results);
      expect(await syncs.indexRows()).toMatchObject([{ etag: 'new', size_bytes: 2 }]);
    }
  });

  it('F6 B32 results of one second end in the row that the share changed last, whatever the order: its ETag decides', async () => {
    const states = ['"0x8DE1C3A5B7D9F0A"', '0x8DE1C3A5B7D9F10', '"0x8DE1C3A5B7D9F9F"'].map((etag, turn) =>
      resultOf('a.geo', { shareModifiedAt: '2026-11-22T11:00:00.000Z', sizeBytes: turn, etag }),
    );
    const [first, second, last] = states as [FileResult, FileResult, FileResult];
    for (const results of [[first], [second], [first], [last], [second, first], [last, second], [first]]) {
      const run = await syncs.begun();
      const [before] = await syncs.indexRows();
      const [folder] = await syncs.folderRows();
      await syncs.send(run, results);
      const [row] = await syncs.indexRows();
      const held = Math.max(before?.size_bytes ?? -1, ...results.map((result) => result.sizeBytes ?? -1));
      expect(row).toMatchObject({ size_bytes: held, etag: states[held]?.etag });
      // What does not change the row does not end the folder's digest either.
      if (row?.size_bytes === before?.size_bytes)
        expect((await syncs.folderRows())[0]?.generation).toBe(folder?.generation);
    }
  });

  it('F4 B32 chunks one by one, in any order, leave what one chunk with all of them does', async () => {
    const results = [
      unarchived('a.geo', 'locked', { attempts: 1 }),
      unarchived('a.geo', 'unreadable', { attempts: 3 }),
      resultOf('a.geo', {
        mtimeMs: 5,
        attempts: 2,
        sizeBytes: 5,
        shareModifiedAt: '2026-11-22T12:00:05.000Z',
      }),
      resultOf('a.geo', {
        mtimeMs: 9,
        attempts: 1,
        sizeBytes: 9,
        shareModifiedAt: '2026-11-22T12:00:09.000Z',
      }),
      unarchived('b.geo', 'locked', { attempts: 1 }),
      unarchived('b.geo', 'out_of_time', { attempts: 2 }),
    ];
    const rowsAfter = async (chunks: (typeof results)[]) => {
      const run = await syncs.begun();
      for (const chunk of chunks) await syncs.send(run, chunk);
      const rows = await archive.database.db
        .selectFrom('sync_run_files')
        .select(['path', 'outcome', 'state', 'source_mtime_ms', 'attempts', 'size_bytes'])
        .where('run_id', '=', run.runId)
        .orderBy('path')
        .execute();
      return { rows, index: (await syncs.indexRows()).map((row) => row.size_bytes) };
    };
    const whole = await rowsAfter([results]);
    expect(whole.rows.map((row) => [row.path, row.outcome])).toEqual([
      ['a.geo', 'archived'],
      ['b.geo', 'out_of_time'],
    ]);
    for (const order of [results, results.toReversed(), [...results.slice(3), ...results.slice(0, 3)]]) {
      archive.services.advance(1000);
      expect(await rowsAfter(order.map((result) => [result]))).toEqual(whole);
    }
  });

  it('F4 B32 an outcome that came late does not undo that the file was archived', async () => {
    const run = await syncs.begun();
    await syncs.send(run, [resultOf('a.geo', { attempts: 2 })]);
    const answer = await syncs.send(run, [unarchived('a.geo', 'locked', { attempts: 1 })], {
      expectedResults: 1,
    });
    expect(answer).toMatchObject({ status: 'complete', filesArchived: 1, filesSkipped: 0 });
  });

  it('F6 results of a superseded run reach the index, and the run stays closed', async () => {
    const older = await syncs.begun();
    archive.services.advance(1000);
    await syncs.begun();
    expect(await syncs.send(older, [resultOf('a.geo')], {})).toMatchObject({
      status: 'stale',
      filesArchived: 1,
    });
    expect(await syncs.indexRows()).toMatchObject([{ path: 'a.geo', run_id: older.runId }]);
    expect(await syncs.runRow(older.runId)).toMatchObject({
      status: 'stale',
      status_reason: 'superseded',
      files_archived: 1,
    });
  });

  it('S1 S14 B7 results revive a run that was taken for dead, and it ends properly', async () => {
    const run = await syncs.begun();
    await syncs.orphan(run.runId);
    expect(await syncs.send(run, [resultOf('a.geo')])).toMatchObject({ status: 'running' });
    expect(await syncs.runRow(run.runId)).toMatchObject({
      status: 'running',
      live_key: agent.jobId,
      status_reason: null,
    });
    await syncs.orphan(run.runId);
    expect(await syncs.send(run, [resultOf('b.geo')], { expectedResults: 2 })).toMatchObject({
      status: 'complete',
    });
  });

  it('S1 F4 neither a superseded run nor one taken for dead comes back after a newer one has ended', async () => {
    const superseded = await syncs.begun();
    const dead = await syncs.begun();
    await syncs.orphan(dead.runId);
    archive.services.advance(1000);
    const newest = await syncs.begun();
    await syncs.send(newest, [], {});
    for (const run of [superseded, dead]) {
      expect(await syncs.send(run, [resultOf(run.runId)], {})).toMatchObject({ status: 'stale' });
    }
    expect(await syncs.indexRows()).toHaveLength(2);
  });

  it('S1 a superseded run stays closed though the newer one began in the same millisecond', async () => {
    const superseded = await syncs.begun();
    const newer = await syncs.begun();
    await syncs.send(newer, [], {});
    expect(await syncs.send(superseded, [resultOf('a.geo')], {})).toMatchObject({ status: 'stale' });
  });

  it('S1 a run taken for dead whose job has moved on stays closed; its results are kept', async () => {
    const older = await syncs.begun();
    await syncs.orphan(older.runId);
    archive.services.advance(1000);
    const newer = await syncs.begun();
    expect(await syncs.send(older, [resultOf('a.geo')], {})).toMatchObject({ status: 'stale' });
    expect(await syncs.runRow(newer.runId)).toMatchObject({ status: 'running', live_key: agent.jobId });
    expect(await syncs.indexRows()).toHaveLength(1);
  });

  it('F4 replacing a row of the index ends the digest of its folder', async () => {
    const run = await syncs.begun();
    const files = [file('d/a.geo')];
    await syncs.send(run, [resultOf('d/a.geo')]);
    await syncs.sendManifest(run, [listed('d', files)]);
    await syncs.send(run, [
      resultOf('d/a.geo', { etag: 'again', shareModifiedAt: '2026-11-22T12:00:01.000Z' }),
    ]);
    expect(await syncs.folderRows()).toMatchObject([{ digest: digestOf(files), generation: 0 }]);
    await syncs.send(run, [
      resultOf('d/a.geo', { sizeBytes: 5, shareModifiedAt: '2026-11-22T12:00:02.000Z' }),
    ]);
    expect(await syncs.folderRows()).toMatchObject([{ digest: null, generation: 1 }]);
    expect(
      (await syncs.sendManifest(run, [{ folder: 'd', digest: digestOf(files) }])).changedFolders,
    ).toEqual(['d']);
  });

  it('F5 a source that changed after archiving has both its files in the index', async () => {
    const run = await syncs.begun();
    await syncs.send(run, [resultOf('d/a.geo')]);
    const changed = {
      outcome: 'archived_changed',
      mtimeMs: mtimeMs + 1,
      archivedPath: 'd/a~1-ab.geo',
    } as const;
    await syncs.send(run, [resultOf('d/a.geo', changed)]);
    expect((await syncs.indexRows()).map((row) => [row.path, row.source_path])).toEqual([
      ['d/a.geo', 'd/a.geo'],
      ['d/a~1-ab.geo', 'd/a.geo'],
    ]);
    expect((await syncs.sendManifest(run, [listed('d', [file('d/a.geo', mtimeMs + 1)])])).needed).toEqual([]);
    expect((await syncs.sendManifest(run, [listed('d', [file('d/a.geo')])])).needed).toEqual([]);
  });

  it('F5 F6 a file that changed while the server was away has both its states in the index, though one chunk brings both', async () => {
    const run = await syncs.begun();
    const changed = {
      outcome: 'archived_changed',
      mtimeMs: mtimeMs + 1,
      archivedPath: 'd/a~1-ab.geo',
    } as const;
    await syncs.send(run, [resultOf('d/a.geo'), resultOf('d/a.geo', changed)]);
    expect((await syncs.indexRows()).map((row) => [row.path, row.source_mtime_ms])).toEqual([
      ['d/a.geo', mtimeMs],
      ['d/a~1-ab.geo', mtimeMs + 1],
    ]);
    expect(await syncs.runRow(run.runId)).toMatchObject({ files_archived: 1 });
  });

  it('F15 B26 a file that lost its name to another of the same letters has a row of its own', async () => {
    const run = await syncs.begun();
    const answer = await syncs.send(
      run,
      [resultOf('d/A.geo'), unarchived('d/a.geo', 'name_case_conflict')],
      {},
    );
    expect(answer).toMatchObject({ status: 'complete', filesArchived: 1, filesSkipped: 1 });
  });

  it('F15 B24 B54 keeps names that no share can hold, and a chunk of a thousand results', async () => {
    const run = await syncs.begun();
    const names = ['a\uFFFDb', 'tail. ', 'CON', 'x'.repeat(300), '\u{1F600}.geo', 'a:b?*'];
    const odd = names.map((name) => unarchived(name, 'name_unsupported'));
    const many = Array.from({ length: 994 }, (_, index) => resultOf(`many/${String(index)} \u{1F600}.geo`));
    expect(await syncs.send(run, [...odd, ...many], {})).toMatchObject({
      status: 'complete',
      filesArchived: 994,
    });
  });

  it('F4 B11 chunks of one run and of another, all at once, neither deadlock nor lose a result', async () => {
    const older = await syncs.begun();
    archive.services.advance(1000);
    const newer = await syncs.begun();
    const paths = Array.from({ length: 60 }, (_, index) => `d/${String(index)}.geo`);
    const chunks = Array.from({ length: 12 }, (_, turn) => {
      const results = paths.map((path) =>
        resultOf(path, {
          shareModifiedAt: new Date(Date.UTC(2026, 10, 22, 12, 0, turn)).toISOString(),
          sizeBytes: turn,
        }),
      );
      return syncs.send(turn % 2 === 0 ? older : newer, turn % 3 === 0 ? results.toReversed() : results);
    });
    await Promise.all(chunks);
    const rows = await syncs.indexRows();
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map((row) => row.size_bytes))).toEqual(new Set([11]));
    for (const run of [older, newer])
      expect(await syncs.runRow(run.runId)).toMatchObject({ files_archived: 60 });
  });

  it('F4 a chunk that fails half-way leaves nothing: no index row, no total', async () => {
    const run = await syncs.begun();
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
    expect(await syncs.indexRows()).toEqual([]);
    expect((await syncs.runRow(run.runId)).files_archived).toBe(0);
    expect(await syncs.send(run, body.results, {})).toMatchObject({ filesArchived: 1, filesFailed: 1 });
  });
});
