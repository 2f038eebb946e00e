import { appendFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { scanHere, type ScanStep } from '../../agent/source/scan.ts';
import { archives, cycle, lastOutcomes, put, storedHashes } from '../support/agent.ts';
import { type ArchiveUnderTest, hashesBelow } from '../support/archive.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

const SEALED = '2026-11-18';

/** Sets a folder's own time back, as one that nothing was put into for long. */
function age(archive: ArchiveUnderTest, folder: string): void {
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(join(archive.source, folder), long, long);
}

/** Which steps each scan took. */
function watchedScan() {
  const steps: ScanStep[] = [];
  return {
    kindOf: (folder: string) => {
      const step = steps.findLast((one) => one.folder === folder);
      if (step === undefined) return 'unseen';
      return 'sealed' in step ? 'cheap' : 'unchanged' in step ? 'unchanged' : 'changed';
    },
    scan: async function* scan(request: Parameters<typeof scanHere>[0]) {
      for await (const step of scanHere(request)) {
        steps.push(step);
        yield step;
      }
    },
  };
}

/** An archive with one sealed folder and one open; the agent looks at the sealed one cheaply from the next cycle on. */
async function openSealed() {
  const archive = await open();
  for (const folder of [SEALED, '2026-11-22'])
    for (const name of ['a.geo', 'b.geo']) await put(archive, `${folder}/${name}`, `${folder} ${name}`);
  age(archive, SEALED);
  const watched = watchedScan();
  const run = () => cycle(archive, { scan: watched.scan });
  await run();
  await run();
  archive.plane.sealed.add(SEALED);
  await run();
  await run();
  return { archive, run, kindOf: watched.kindOf };
}

describe('agent: F8, sealed folders', () => {
  it('F8 P1 costs one cheap look a cycle: no file of it is stat’ed, and the server is not asked about it', async () => {
    const { archive, run, kindOf } = await openSealed();
    await run();
    expect([kindOf(SEALED), kindOf('2026-11-22')]).toEqual(['cheap', 'unchanged']);
    expect(archive.plane.runs.at(-1)).toMatchObject({ status: 'complete' });
    expect(archive.plane.unseals).toEqual([]);
    // A file that is gone or changed without a sign in its folder is not seen: it was not looked at.
    const { mtime } = statSync(join(archive.source, SEALED));
    appendFileSync(join(archive.source, SEALED, 'a.geo'), 'in place');
    utimesSync(join(archive.source, SEALED), mtime, mtime);
    await run();
    expect(kindOf(SEALED)).toBe('cheap');
    expect(lastOutcomes(archive)).toEqual({});
  });

  it('F8 a new file is archived in that cycle, and the agent asks for the unseal by itself, once', async () => {
    const { archive, run, kindOf } = await openSealed();
    await put(archive, `${SEALED}/late.geo`, 'late');
    await run();
    expect(lastOutcomes(archive)).toEqual({ [`${SEALED}/late.geo`]: 'archived' });
    expect(archive.plane.unseals).toEqual([{ folder: SEALED, reason: '1 new or changed: late.geo' }]);
    expect([...archive.plane.sealed]).toEqual([]);
    await run();
    expect(kindOf(SEALED)).toBe('unchanged');
    expect(archive.plane.unseals).toHaveLength(1);
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    expect(archive.plane.invalid).toEqual([]);
  });

  it('F8 a change in place, which no folder shows, is seen by the daily look at every file', async () => {
    const { archive, run, kindOf } = await openSealed();
    const { mtime } = statSync(join(archive.source, SEALED));
    appendFileSync(join(archive.source, SEALED, 'a.geo'), ' changed in place');
    utimesSync(join(archive.source, SEALED), mtime, mtime);
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 24 * 3_600_000;
      await run();
    } finally {
      Date.now = realNow;
    }
    expect(kindOf(SEALED)).toBe('changed');
    expect(lastOutcomes(archive)).toEqual({ [`${SEALED}/a.geo`]: 'archived_changed' });
    expect(archive.plane.unseals).toMatchObject([{ folder: SEALED }]);
  });

  it('F8 F14 files that the instrument purges from it unseal nothing', async () => {
    const { archive, run } = await openSealed();
    rmSync(join(archive.source, SEALED, 'a.geo'));
    await run();
    await run();
    expect(archive.plane.unseals).toEqual([]);
    expect([...archive.plane.sealed]).toEqual([SEALED]);
    rmSync(join(archive.source, SEALED), { recursive: true });
    await run();
    expect(archive.plane.unseals).toEqual([]);
    expect(archive.plane.runs.every(({ status }) => status === 'complete')).toBe(true);
  });

  it('F8 a folder that an operator unsealed is looked at file by file in the very next cycle', async () => {
    const { archive, run } = await openSealed();
    const { mtime } = statSync(join(archive.source, SEALED));
    appendFileSync(join(archive.source, SEALED, 'b.geo'), ' changed in place');
    utimesSync(join(archive.source, SEALED), mtime, mtime);
    archive.plane.sealed.clear();
    await run();
    expect(lastOutcomes(archive)).toEqual({ [`${SEALED}/b.geo`]: 'archived_changed' });
  });

  it('F8 folders within a sealed one are found though it is not listed in full', async () => {
    const archive = await open();
    await put(archive, `${SEALED}/a.geo`, 'a');
    await put(archive, `${SEALED}/raw/b.geo`, 'b');
    age(archive, SEALED);
    await cycle(archive);
    archive.plane.sealed.add(SEALED);
    for (let times = 0; times < 3; times += 1) await cycle(archive);
    await put(archive, `${SEALED}/raw/c.geo`, 'c');
    const watched = watchedScan();
    await cycle(archive, { scan: watched.scan });
    expect(watched.kindOf(SEALED)).toBe('cheap');
    expect(lastOutcomes(archive)).toEqual({ [`${SEALED}/raw/c.geo`]: 'archived' });
    expect(archive.plane.unseals).toEqual([]);
  });

  it('F8 F6 with the server down a write is noticed and archived all the same, and the unseal is asked for later', async () => {
    const { archive, run, kindOf } = await openSealed();
    archive.plane.down = true;
    await put(archive, `${SEALED}/late.geo`, 'late');
    await run();
    expect([...(await storedHashes(archive)).keys()]).toContain(`${SEALED}/late.geo`);
    await run();
    expect(kindOf(SEALED)).not.toBe('cheap');
    archive.plane.down = false;
    await run();
    expect(archive.plane.unseals).toMatchObject([{ folder: SEALED }]);
    expect(archive.plane.index.has(`${SEALED}/late.geo`.toUpperCase())).toBe(true);
    await run();
    expect(archive.plane.unseals).toHaveLength(1);
  });

  it('F8 a demand that the server refuses for now is repeated until it is answered', async () => {
    const { archive, run } = await openSealed();
    archive.plane.refuse = { endpoint: 'agent-unseal', code: 'unavailable' };
    await put(archive, `${SEALED}/late.geo`, 'late');
    await run();
    await run();
    expect(archive.plane.unseals).toEqual([]);
    archive.plane.refuse = undefined;
    await run();
    await run();
    expect(archive.plane.unseals).toHaveLength(1);
  });
});
