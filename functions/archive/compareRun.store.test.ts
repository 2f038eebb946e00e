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
  agentAtNoon,
  digestOf,
  file,
  type FileSyncs,
  listed,
  mtimeMs,
  type SentFolders,
} from '../../test/support/fileSyncs.ts';
import { pathKey, pathKeyHex } from '../../shared/domain/paths.ts';
import { stepsOf } from '../platform/runs/index.ts';
import { compare } from './compareRun.ts';
import { complete } from './completeRun.ts';
import { readManifest } from './manifest.ts';
import { neededFiles } from './neededFiles.ts';
import { ensureFolders, knownFolders, raiseGenerations, recordDigests } from './store/folders.ts';

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

  it('F15 B26 takes folders that differ only in case as one, whose digest is proved over the files of both', async () => {
    const run = await syncs.begun();
    const both = [file('D/a.geo'), file('d/b.geo')];
    await syncs.send(run, [resultOf('D/a.geo'), resultOf('d/b.geo')]);
    expect((await syncs.sendManifest(run, [listed('D', both)])).needed).toEqual([]);
    const question = [{ folder: 'D', digest: digestOf(both) }];
    expect((await syncs.sendManifest(run, question)).changedFolders).toEqual([]);
    expect(await syncs.folderRows()).toMatchObject([{ file_count: 2 }]);
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
    expect(await syncs.folderRows()).toMatchObject([{ digest: null }]);
  });

  it('F15 B26 refuses manifests that do not hold together, and changes nothing', async () => {
    const run = await syncs.begun();
    const wrong: SentFolders[] = [
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

describe('a minimal answer', () => {
  it('P2 F15 names the folders of which every listed file is needed, and asks for the same files', async () => {
    const run = await syncs.begun();
    await syncs.send(run, [resultOf('part/a.geo'), resultOf('held/a.geo')]);
    const folders: SentFolders = [
      listed('new', [file('new/a.geo', mtimeMs + 1), file('new/b.geo', mtimeMs)]),
      listed('part', [file('part/a.geo'), file('part/b.geo')]),
      listed('held', [file('held/a.geo')]),
      listed('empty', []),
      { folder: 'asked', digest: digestOf([]) },
    ];
    const whole = await syncs.sendManifest(run, folders);
    expect(whole).toEqual({ changedFolders: ['asked'], needed: ['new/b.geo', 'part/b.geo', 'new/a.geo'] });
    expect(await syncs.sendManifest(run, folders, true)).toEqual({
      changedFolders: ['asked'],
      needed: ['part/b.geo'],
      neededFolders: ['new'],
    });
  });
});

describe('a folder’s digest', () => {
  it('F4 P2 that is not that of the listed files is refused once nothing of them is lacking, and is never recorded or proved', async () => {
    const run = await syncs.begun();
    const files = [file('d/a.geo'), file('d/b.geo')];
    const wrong = [listed('d', files, digestOf([file('d/c.geo')]))];
    await syncs.send(run, [resultOf('d/a.geo')]);
    expect((await syncs.sendManifest(run, wrong)).needed).toEqual(['d/b.geo']);
    await syncs.send(run, [resultOf('d/b.geo')]);
    await expect(syncs.sendManifest(run, wrong)).rejects.toMatchObject({
      code: 'invalid-request',
      more: { errors: [{ pointer: '/body/folders/0/digest' }] },
    });
    expect(await syncs.folderRows()).toMatchObject([{ digest: null, proved_at: null }]);
  });

  it('F4 F8 proves nothing in a list that lacks something, though it is the known one', async () => {
    const first = await syncs.begun();
    const files = [file('d/a.geo'), file('d/b.geo')];
    const digest = digestOf(files);
    await syncs.send(first, [resultOf('d/a.geo'), resultOf('d/b.geo')]);
    await syncs.sendManifest(first, [listed('d', files)]);
    const [{ proved_at: provedAt } = { proved_at: null }] = await syncs.folderRows();
    archive.services.advance(2 * 24 * 3_600_000);
    const later = await syncs.begun(crypto.randomUUID());
    await syncs.sendManifest(later, [listed('d', [file('d/c.geo')], digest)]);
    expect(await syncs.folderRows()).toMatchObject([{ digest, proved_at: provedAt }]);
    await syncs.sendManifest(later, [listed('d', files)]);
    expect((await syncs.folderRows())[0]?.proved_at).not.toEqual(provedAt);
  });

  it('F4 is never left standing for files that the index does not hold, however compares and results cross', async () => {
    const run = await syncs.begun();
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8];
    const versions = sizes.map((size) => [file('d/a.geo', mtimeMs, size), file('d/b.geo', mtimeMs, size)]);
    const instant = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second)).toISOString();
    const replace = (files: ReturnType<typeof file>[], second: number) =>
      syncs.send(
        run,
        files.map((each) =>
          resultOf(each.path, { sizeBytes: each.sizeBytes, shareModifiedAt: instant(second) }),
        ),
      );
    for (const [second, files] of versions.entries()) {
      const compares = versions.map((each) => syncs.sendManifest(run, [listed('d', each)]));
      await Promise.all([replace(files, second), ...compares, syncs.sendManifest(run, [listed('d', files)])]);
      const held = (await syncs.indexRows()).map((row) => file(row.path, mtimeMs, row.size_bytes));
      const [folder] = await syncs.folderRows();
      if (folder?.digest !== null) expect(folder?.digest).toBe(digestOf(held));
    }
    await syncs.sendManifest(run, [listed('d', versions.at(-1) ?? [])]);
    expect((await syncs.folderRows())[0]?.digest).toBe(digestOf(versions.at(-1) ?? []));
  });

  it('F4 is not recorded when a row was replaced between the look at the index and the record', async () => {
    const { db } = archive.database;
    const at = archive.services.now();
    const folder = { folderKey: pathKey('d'), folder: 'd' };
    await ensureFolders(db, agent.jobId, [folder], at);
    const { generation } = (await knownFolders(db, agent.jobId, [folder])).get(pathKeyHex('d'))!;
    await raiseGenerations(db, agent.jobId, [folder], at);
    const proven = { ...folder, digest: 'a'.repeat(64), fileCount: 1, generation, provedAt: at };
    await recordDigests(db, agent.jobId, [proven], at);
    expect(await syncs.folderRows()).toMatchObject([{ digest: null, generation: 1 }]);
    await recordDigests(db, agent.jobId, [{ ...proven, generation: 1 }], at);
    expect(await syncs.folderRows()).toMatchObject([{ digest: 'a'.repeat(64), generation: 1 }]);
  });
});

describe('needed files', () => {
  it('F4 B29 are the same whether a folder is read whole or, being too large, by the names asked about', async () => {
    const run = await syncs.begun();
    const names = Array.from({ length: 30 }, (_, index) => `d/${String(index)}.geo`);
    await syncs.send(
      run,
      names.slice(0, 20).map((name) => resultOf(name)),
    );
    const folders = readManifest([
      listed(
        'd',
        names.map((name, index) => file(name, mtimeMs, index % 3 === 0 ? 7 : 1000)),
      ),
    ]);
    const whole = await neededFiles(archive.database.db, agent.jobId, folders);
    const byName = await neededFiles(archive.database.db, agent.jobId, folders, 5);
    expect(byName).toEqual(whole);
    expect(whole.flatMap(({ files }) => files)).toHaveLength(17);
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
