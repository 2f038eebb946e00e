import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedAgent,
  begunRun,
  openTestArchive,
  proposed,
  resultOf,
  type TestAgent,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import {
  digestOf,
  file,
  fileSyncs,
  listed,
  mtimeMs,
  type SentFolders,
} from '../../test/support/fileSyncs.ts';
import { stepsOf } from '../platform/runs/index.ts';
import { compare } from './compareRun.ts';
import { complete } from './completeRun.ts';

let archive: TestArchive;
let agent: TestAgent;
let syncs: ReturnType<typeof fileSyncs>;
beforeAll(async () => {
  archive = await openTestArchive();
});
beforeEach(async () => {
  // Noon again, for a runner of its own.
  archive.services.advance(Date.parse('2026-11-22T12:00:00.000Z') - archive.services.now().getTime());
  agent = await approvedAgent(archive, { hostName: `PC ${randomUUID()}` });
  syncs = fileSyncs(archive, agent);
});
afterAll(() => archive.close());

describe('compare', () => {
  it('F4 asks for what the index does not hold with that size and time, nearest to the purge first', async () => {
    const run = await syncs.begun();
    await syncs.send(run, [resultOf('d/a.geo'), resultOf('d/b.geo')]);
    const files = [
      file('d/a.geo'),
      file('d/b.geo', mtimeMs, 1001),
      file('d/c.geo', mtimeMs - 5),
      file('d/a2.geo', mtimeMs - 9),
      file('d/A.GEO2'),
    ];
    const answer = await syncs.sendManifest(run, [listed('d', files)]);
    expect(answer.needed).toEqual(['d/a2.geo', 'd/c.geo', 'd/A.GEO2', 'd/b.geo']);
    expect(answer.changedFolders).toEqual([]);
    expect(await syncs.runRow(run.runId)).toMatchObject({ files_needed: 4, status: 'running' });
  });

  it('F4 counts nothing twice when a request is repeated', async () => {
    const run = await syncs.begun();
    const first = listed('d', [file('d/a.geo'), file('d/b.geo')]);
    for (let times = 0; times < 3; times += 1) await syncs.sendManifest(run, [first]);
    await syncs.sendManifest(run, [listed('e', [file('e/a.geo')])]);
    expect(await syncs.runRow(run.runId)).toMatchObject({ files_needed: 3 });
    const step = (await stepsOf(archive.database.db, await syncs.runRow(run.runId))).find(
      (each) => each.step === 'compare',
    );
    expect(step).toMatchObject({ records_in: 3, records_out: 3, status: 'running' });
  });

  it('F4 knows a folder by its digest once every listed file proved to be in the index', async () => {
    const run = await syncs.begun();
    const files = [file('d/a.geo'), file('d/b.geo')];
    const question = { folder: 'd', digest: digestOf(files) };
    expect((await syncs.sendManifest(run, [question])).changedFolders).toEqual(['d']);
    await syncs.sendManifest(run, [listed('d', files)]);
    expect((await syncs.sendManifest(run, [question])).changedFolders).toEqual(['d']);
    await syncs.send(run, [resultOf('d/a.geo'), resultOf('d/b.geo')]);
    await syncs.sendManifest(run, [listed('d', files)]);
    expect((await syncs.sendManifest(run, [question])).changedFolders).toEqual([]);
    expect(
      (await syncs.sendManifest(run, [{ folder: 'd', digest: digestOf(files.slice(1)) }])).changedFolders,
    ).toEqual(['d']);
    expect(await syncs.folderRows()).toMatchObject([
      { folder: 'd', digest: digestOf(files), file_count: 2, generation: 0 },
    ]);
  });

  it('F4 records no digest for a list that is only a part of the folder', async () => {
    const run = await syncs.begun();
    await syncs.send(run, [resultOf('d/a.geo')]);
    await syncs.sendManifest(run, [listed('d', [file('d/a.geo')], null)]);
    expect(await syncs.folderRows()).toEqual([]);
  });

  it('F15 B26 refuses manifests that do not hold together, and changes nothing', async () => {
    const run = await syncs.begun();
    const wrong: SentFolders[] = [
      [listed('d', [file('d/a.geo')], digestOf([file('d/b.geo')]))],
      [listed('d', [file('e/a.geo')])],
      [listed('d', [file('d/a.geo'), file('d/A.geo')])],
      [listed('d', [file('d/a.geo')]), listed('D', [])],
    ];
    for (const folders of wrong) {
      await expect(syncs.sendManifest(run, folders)).rejects.toMatchObject({ code: 'invalid-request' });
    }
    expect(await syncs.folderRows()).toEqual([]);
    expect((await syncs.runRow(run.runId)).files_needed).toBe(0);
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
