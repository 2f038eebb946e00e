import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileResult } from '../../shared/contract/agents.ts';
import {
  openTestArchive,
  resultOf,
  type TestAgent,
  type TestArchive,
  unarchived,
} from '../../test/support/archiveServices.ts';
import { agentAtNoon, type FileSyncs, mtimeMs } from '../../test/support/fileSyncs.ts';

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

const filesOf = (runId: string) =>
  archive.database.db
    .selectFrom('sync_run_files')
    .select(['path', 'outcome', 'source_mtime_ms'])
    .where('run_id', '=', runId)
    .orderBy('path')
    .orderBy('source_mtime_ms')
    .execute();

describe('data loss', () => {
  it('F14 a file that vanished unarchived is data loss, told once however often it is reported', async () => {
    const run = await syncs.begun();
    await syncs.send(run, [resultOf('kept.geo')]);
    const chunk = [unarchived('lost.geo', 'vanished'), unarchived('kept.geo', 'vanished', { attempts: 9 })];
    await syncs.send(run, chunk);
    await syncs.send(run, chunk);
    expect(await syncs.alerts()).toMatchObject([
      { fingerprint: `data-loss:${agent.jobId}`, severity: 'critical', class: 'data_loss', seen_count: 1 },
    ]);
    expect((await syncs.alerts())[0]?.detail).toContain('lost.geo');
    expect((await syncs.alerts())[0]?.detail).not.toContain('kept.geo');
    expect(await syncs.send(run, [], { expectedResults: 2 })).toMatchObject({
      status: 'partial',
      filesFailed: 1,
    });
  });

  it.each([
    ['in one chunk', (results: FileResult[]) => [results]],
    ['one by one', (results: FileResult[]) => results.map((result) => [result])],
    ['the other way round', (results: FileResult[]) => results.toReversed().map((result) => [result])],
  ])(
    'F14 B32 a loss is told, once, though attempts at the file are told with it: %s',
    async (_, chunksOf) => {
      const run = await syncs.begun();
      const attempts = [
        unarchived('lost.geo', 'share_unavailable', { attempts: 4 }),
        unarchived('lost.geo', 'vanished', { attempts: 0 }),
      ];
      for (const chunk of [...chunksOf(attempts), ...chunksOf(attempts)]) await syncs.send(run, chunk);
      expect(await syncs.alerts()).toMatchObject([{ class: 'data_loss', seen_count: 1 }]);
      const [row] = await archive.database.db
        .selectFrom('sync_run_files')
        .select('outcome')
        .where('run_id', '=', run.runId)
        .execute();
      expect(row?.outcome).toBe('vanished');
    },
  );

  it('F14 B32 each state of a file that is lost is told once and listed: of one that came again, and of one that was archived then', async () => {
    const run = await syncs.begun();
    const lost = [0, 1].map((later) => unarchived('again.geo', 'vanished', { mtimeMs: mtimeMs + later }));
    const thenArchived = [
      unarchived('then.geo', 'vanished'),
      resultOf('then.geo', { mtimeMs: mtimeMs + 9, sizeBytes: 7 }),
    ];
    for (const chunk of [lost, lost]) await syncs.send(run, chunk);
    expect(await syncs.alerts()).toMatchObject([{ class: 'data_loss', seen_count: 2 }]);
    for (const chunk of [thenArchived, thenArchived, lost]) await syncs.send(run, chunk);
    expect(await syncs.alerts()).toMatchObject([{ class: 'data_loss', seen_count: 3 }]);
    const closed = await syncs.send(run, [], { expectedResults: 2 });
    expect(closed).toMatchObject({ status: 'partial', filesArchived: 1, filesFailed: 3 });
    expect(await filesOf(run.runId)).toEqual([
      { path: 'again.geo', outcome: 'vanished', source_mtime_ms: mtimeMs },
      { path: 'again.geo', outcome: 'vanished', source_mtime_ms: mtimeMs + 1 },
      { path: 'then.geo', outcome: 'vanished', source_mtime_ms: mtimeMs },
      { path: 'then.geo', outcome: 'archived', source_mtime_ms: mtimeMs + 9 },
    ]);
  });

  it('F14 B32 a run that archived a later state of each file it lost is not complete, and still waits for what was announced', async () => {
    const run = await syncs.begun();
    await syncs.send(run, [unarchived('reused.geo', 'vanished')]);
    await syncs.send(run, [resultOf('reused.geo', { mtimeMs: mtimeMs + 9 })]);
    await expect(syncs.send(run, [], { expectedResults: 2 })).rejects.toMatchObject({
      code: 'results-missing',
    });
    const closed = await syncs.send(run, [resultOf('other.geo')], { expectedResults: 2 });
    expect(closed).toMatchObject({ status: 'partial', filesArchived: 2, filesFailed: 1 });
  });

  it('F14 B32 a loss that an agent sends again under its next run is told once, also after its alert was resolved', async () => {
    const first = await syncs.begun();
    await syncs.send(first, [unarchived('lost.geo', 'vanished')], {});
    await archive.database.db
      .updateTable('alerts')
      .set((eb) => ({ status: 'resolved', live_key: eb.ref('id'), resolved_at: archive.services.now() }))
      .where('job_id', '=', agent.jobId)
      .execute();
    const again = await syncs.begun();
    await syncs.send(again, [unarchived('lost.geo', 'vanished')]);
    expect(await syncs.alerts()).toMatchObject([{ status: 'resolved', seen_count: 1 }]);
    await syncs.send(again, [unarchived('lost.geo', 'vanished', { mtimeMs: mtimeMs + 1 })]);
    expect((await syncs.alerts()).map((alert) => alert.status).sort()).toEqual(['open', 'resolved']);
  });

  it('F14 two runs that tell of one loss at once tell of it once', async () => {
    const runs = [await syncs.begun(), await syncs.begun()];
    const chunk = Array.from({ length: 20 }, (_, n) => unarchived(`lost-${String(n)}.geo`, 'vanished'));
    await Promise.all(runs.map((run) => syncs.send(run, chunk)));
    expect(await syncs.alerts()).toMatchObject([{ class: 'data_loss', seen_count: 20 }]);
  });

  it.each([
    ['in one chunk', (results: FileResult[]) => [results]],
    ['one by one', (results: FileResult[]) => results.map((result) => [result])],
    ['the other way round', (results: FileResult[]) => results.toReversed().map((result) => [result])],
  ])(
    'F14 B32 a file that changed after it was archived and vanished before it was again is data loss, told once, and the run says so: %s',
    async (_, chunksOf) => {
      const run = await syncs.begun();
      const states = [
        resultOf('changed.geo', { attempts: 5 }),
        unarchived('changed.geo', 'vanished', { mtimeMs: mtimeMs + 1, attempts: 0 }),
      ];
      for (const chunk of [...chunksOf(states), ...chunksOf(states)]) await syncs.send(run, chunk);
      expect(await syncs.alerts()).toMatchObject([{ class: 'data_loss', seen_count: 1 }]);
      const closed = await syncs.send(run, [], { expectedResults: 1 });
      expect(closed).toMatchObject({ status: 'partial', filesArchived: 0, filesFailed: 1 });
    },
  );
});
