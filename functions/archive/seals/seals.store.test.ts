import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  openTestArchive,
  operator,
  resultOf,
  type TestAgent,
  type TestArchive,
} from '../../../test/support/archiveServices.ts';
import { agentAtNoon, digestOf, file, type FileSyncs, listed } from '../../../test/support/fileSyncs.ts';
import { pathKey } from '../../../shared/domain/paths.ts';
import { sweepSeals } from '../../sweepers/seal.ts';
import { begin } from '../beginRun.ts';
import { noteRowChanges, withIndexLock } from '../stateIndex.ts';
import { findSealCandidates } from './due.ts';
import { sealFolder } from './sealFolder.ts';
import { unsealFolders } from './unsealFolders.ts';

const HOUR_MS = 3_600_000;
const FOLDER = '2026-11-20';
let archive: TestArchive;
let agent: TestAgent;
let syncs: FileSyncs;

beforeAll(async () => {
  archive = await openTestArchive();
});
beforeEach(async () => {
  await archive.database.db.deleteFrom('sealed_folders').execute();
  await archive.database.db.deleteFrom('synced_folders').execute();
  ({ agent, syncs } = await agentAtNoon(archive));
});
afterAll(() => archive.close());

const db = () => archive.database.db;
const hours = (count: number) => archive.services.advance(count * HOUR_MS);
const filesOf = (folder: string) => [file(`${folder}/a.geo`), file(`${folder}/b.geo`)];

/** A cycle that finds nothing new: one digest a folder. */
async function quietCycle(folder = FOLDER) {
  const run = await syncs.begun();
  const digest = digestOf(filesOf(folder));
  const answer = await syncs.sendManifest(run, [{ folder, digest }]);
  await syncs.send(run, [], { expectedResults: 0 });
  return answer;
}

/** Two files of a folder archived, and the folder proved complete by the cycle after. */
async function archived(folder = FOLDER): Promise<void> {
  const run = await syncs.begun();
  await syncs.send(
    run,
    filesOf(folder).map(({ path }) => resultOf(path)),
    {},
  );
  const next = await syncs.begun();
  await syncs.sendManifest(next, [listed(folder, filesOf(folder))]);
  await syncs.send(next, [], { expectedResults: 0 });
}

async function sealed(): Promise<string[]> {
  const rows = await db()
    .selectFrom('sealed_folders')
    .select('folder')
    .where('job_id', '=', agent.jobId)
    .orderBy('folder')
    .execute();
  return rows.map(({ folder }) => folder);
}

async function makeSealed(folder = FOLDER): Promise<void> {
  await archived(folder);
  hours(25);
  await quietCycle(folder);
  await sweepSeals(archive.services);
  expect(await sealed()).toContain(folder);
}

const events = () =>
  db()
    .selectFrom('state_changes')
    .select(['old_state', 'new_state', 'reason'])
    .where('subject_id', '=', `${agent.jobId}/${FOLDER}`)
    .orderBy('created_at')
    .orderBy('id')
    .execute();

const unsealed = (folder = FOLDER) =>
  unsealFolders(archive.services, {
    jobId: agent.jobId,
    folders: [{ folder, folderKey: pathKey(folder), reason: 'a test wants it' }],
    decision: { organizationId: agent.organizationId, actor: agent },
  });

describe('the seal sweeper', () => {
  it('F8 seals a date folder that a run, begun 24 h after its last change, found complete, and tells agents', async () => {
    await archived();
    hours(25);
    expect((await quietCycle()).changedFolders).toEqual([]);
    const tick = await sweepSeals(archive.services);
    expect(tick).toEqual({ examined: 1, changed: 1 });
    expect(await sealed()).toEqual([FOLDER]);
    const body = { jobId: agent.jobId, correlationId: randomUUID(), trigger: 'schedule' } as const;
    const sealedFolders = [{ folder: FOLDER, fileCount: 2 }];
    expect(await begin(archive.services, agent, body)).toMatchObject({ sealedFolders, resumed: false });
    expect(await begin(archive.services, agent, body)).toMatchObject({ sealedFolders, resumed: true });
    expect(await events()).toMatchObject([{ old_state: 'open', new_state: 'sealed' }]);
    expect(await sweepSeals(archive.services)).toEqual({ examined: 0, changed: 0 });
  });

  it('F8 an agent that is silent proves nothing: no run after 24 h, no seal', async () => {
    await archived();
    hours(200);
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
  });

  it('F8 a run begun before the 24 h were over proves nothing, however late it compares', async () => {
    await archived();
    hours(23);
    const run = await syncs.begun();
    hours(2);
    await syncs.sendManifest(run, [{ folder: FOLDER, digest: digestOf(filesOf(FOLDER)) }]);
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
    await quietCycle();
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([FOLDER]);
  });

  it('F8 B4 leaves today’s folder of the instrument alone until its day is over there', async () => {
    // Sydney is eleven hours ahead: at noon UTC of the 22nd it is 23:00 there.
    await archived('2026-11-24');
    hours(24.5);
    await quietCycle('2026-11-24');
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
    hours(24);
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
    hours(0.5);
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual(['2026-11-24']);
  });

  it('F8 a folder whose digest differs, whose name is no day, or of a tree job is not sealed', async () => {
    await archived();
    await archived('calibration');
    hours(25);
    await quietCycle('calibration');
    const run = await syncs.begun();
    await syncs.sendManifest(run, [{ folder: FOLDER, digest: digestOf([file(`${FOLDER}/a.geo`)]) }]);
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
    await quietCycle();
    await db().updateTable('jobs').set({ kind: 'tree' }).where('id', '=', agent.jobId).execute();
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
  });

  it('F8 B8 goes on after a folder that cannot be sealed, and gives every folder its turn', async () => {
    await archived();
    await archived('2026-11-19');
    hours(25);
    await quietCycle();
    await quietCycle('2026-11-19');
    const seen = new Set<string>();
    while (seen.size < 2)
      for (const { row } of await findSealCandidates(archive.services, 1)) seen.add(row.folder);
    const newId = archive.services.newId;
    let failures = 0;
    const failing = {
      ...archive.services,
      newId: () => {
        failures += 1;
        if (failures === 1) throw new Error('no id for you');
        return newId();
      },
    };
    expect(await sweepSeals(failing)).toEqual({ examined: 2, changed: 1 });
    expect(await sweepSeals(archive.services)).toEqual({ examined: 1, changed: 1 });
  });
});

describe('a sealed folder', () => {
  it('F8 that gains a file is unsealed with an event, and sealed again only after another 24 h and a proof', async () => {
    await makeSealed();
    const run = await syncs.begun();
    await syncs.send(run, [resultOf(`${FOLDER}/c.geo`)], {});
    expect(await sealed()).toEqual([]);
    expect(await events()).toMatchObject([
      { new_state: 'sealed' },
      { old_state: 'sealed', new_state: 'open' },
    ]);
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
  });

  it('F8 F6 stays sealed when a result is replayed that changes nothing', async () => {
    await makeSealed();
    const [row] = await syncs.folderRows();
    const run = await syncs.begun();
    await syncs.send(run, [resultOf(`${FOLDER}/a.geo`)], {});
    expect(await sealed()).toEqual([FOLDER]);
    expect((await syncs.folderRows())[0]?.changed_at).toEqual(row?.changed_at);
  });

  it('F8 that has a row replaced is unsealed, and its digest ends', async () => {
    await makeSealed();
    const run = await syncs.begun();
    const newer = { sizeBytes: 2000, shareModifiedAt: '2026-11-23T00:00:00.000Z' };
    await syncs.send(run, [resultOf(`${FOLDER}/a.geo`, newer)], {});
    expect(await sealed()).toEqual([]);
    expect((await syncs.folderRows())[0]?.digest).toBeNull();
  });

  it('F8 F9 that loses rows to a reconcile is unsealed', async () => {
    await makeSealed();
    const folder = { folder: FOLDER, folderKey: pathKey(FOLDER) };
    const context = { at: archive.services.now(), newId: archive.services.newId };
    await archive.services.database.transaction((tx) =>
      withIndexLock(tx, agent.jobId, (locked) =>
        noteRowChanges(locked, agent.jobId, { gained: [], lost: [folder] }, 'reconcile', context),
      ),
    );
    expect(await sealed()).toEqual([]);
  });

  it('F8 is unsealed once, however often its agent asks, and then needs 24 h and a proof again', async () => {
    await makeSealed();
    expect([await unsealed(), await unsealed()]).toEqual([1, 0]);
    expect((await events()).map(({ reason }) => reason).at(-1)).toBe(`/${FOLDER}: a test wants it`);
    await quietCycle();
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([]);
    hours(24);
    await quietCycle();
    await sweepSeals(archive.services);
    expect(await sealed()).toEqual([FOLDER]);
    const audited = db()
      .selectFrom('audit_log')
      .select('action')
      .where('subject_id', '=', `${agent.jobId}/${FOLDER}`);
    expect(await audited.execute()).toEqual([{ action: 'folder.unsealed' }]);
  });

  it('F8 a file that arrives while it is being sealed leaves it open, whichever comes first', async () => {
    await archived();
    hours(25);
    await quietCycle();
    const wanted = {
      jobId: agent.jobId,
      folderKey: pathKey(FOLDER),
      timeZone: 'UTC',
      by: { actor: operator },
    };
    const run = await syncs.begun();
    const results = Array.from({ length: 6 }, (_, index) => resultOf(`${FOLDER}/late-${String(index)}.geo`));
    await Promise.all([
      ...results.map((result) => syncs.send(run, [result])),
      ...results.map(() => sealFolder(archive.services, wanted)),
    ]);
    expect(await sealed()).toEqual([]);
  });
});

describe('proofs', () => {
  it('P2 F8 an unchanged cycle writes nothing about its folders until a day has passed', async () => {
    await archived();
    const [before] = await syncs.folderRows();
    for (let cycle = 0; cycle < 5; cycle += 1) {
      hours(1);
      await quietCycle();
    }
    expect((await syncs.folderRows())[0]).toEqual(before);
    hours(20);
    await quietCycle();
    expect((await syncs.folderRows())[0]?.proved_at).toEqual(archive.services.now());
  });
});
