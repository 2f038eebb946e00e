import { createHash, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSourceFile } from '../../agent/source/sourceFile.ts';
import { archives, cycle, lastOutcomes, put, storedHashes, until } from '../support/agent.ts';
import { type ShiftedClock, shiftClock } from '../support/shiftedClock.ts';
import {
  approveFirst,
  countOnTheShare,
  inTheIndex,
  onTheShare,
  startWholeArchive,
  startWorkingAgent,
  type WholeArchive,
  type WorkingAgent,
} from '../support/wholeArchive.ts';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;

const { open, closeAll } = archives();
let archive: WholeArchive | undefined;
let agent: WorkingAgent | undefined;
let clock: ShiftedClock | undefined;
afterEach(async () => {
  await agent?.stop();
  await archive?.close();
  clock?.restore();
  agent = archive = clock = undefined;
  await closeAll();
});

function opened(): WholeArchive {
  if (archive === undefined) throw new Error('the test has opened no archive');
  return archive;
}

async function addFiles(to: WholeArchive, from: number, count: number): Promise<void> {
  for (let number = from; number < from + count; number += 1)
    await writeFile(join(to.source, `${String(number).padStart(4, '0')}.geo`), randomBytes(3000));
}

async function failedFiles({ app }: WholeArchive): Promise<unknown[]> {
  return app.database.db
    .selectFrom('sync_run_files')
    .select(['path', 'error'])
    .where('state', '=', 'failed')
    .execute();
}

describe('agent: credentials that end, change or are not believed', () => {
  it('B20 a SAS of two seconds brings a file of forty ranges to its end, range by range, without a storm', async () => {
    const short = await open();
    short.sasSeconds = 2;
    await put(short, 'long.geo', '');
    await truncate(join(short.source, 'long.geo'), 40 * 4 * MIB);
    short.files.faults.add({ match: { operation: 'PutRange' }, action: { kind: 'slow', delayMs: 300 } });
    await cycle(short, { settings: { tryTimeoutSeconds: 20 } });
    expect(lastOutcomes(short)).toEqual({ 'long.geo': 'archived' });
    const [told] = short.plane.resultsOf('long.geo');
    expect(told?.bytesSent).toBe(40 * 4 * MIB);
    const refused = short.requests.filter(({ status }) => status === 403).length;
    const renewals = short.plane.heartbeats.filter(
      ({ credentialExpiresAt }) => credentialExpiresAt === null,
    ).length;
    expect(refused).toBeGreaterThan(0);
    // Ranges that were refused together wait for one heartbeat.
    expect(renewals).toBeLessThanOrEqual(refused + 2);
    const hash = createHash('sha256');
    for (let range = 0; range < 40; range += 1) hash.update(Buffer.alloc(4 * MIB));
    expect(told?.sha256).toBe(hash.digest('hex'));
    expect((await storedHashes(short)).get('long.geo')).toBe(told?.sha256);
  });

  it('B21 the account’s key is exchanged in the middle of a run, and the server learns it later: no file fails', async () => {
    archive = await startWholeArchive();
    // The large one is the oldest, so that it begins first.
    await writeFile(join(archive.source, 'large.geo'), randomBytes(20 * MIB));
    await addFiles(archive, 0, 40);
    const exchanged = Promise.withResolvers<undefined>();
    // The first half of the files and of the large one go by the old key, what follows by the new one.
    agent = await startWorkingAgent(archive, {
      openSource: async (path) => {
        if (/00[23]\d\.geo$/.test(path)) await exchanged.promise;
        const source = await openSourceFile(path);
        const read: typeof source.read = async (into, offset) => {
          if (offset >= 8 * MIB) await exchanged.promise;
          return source.read(into, offset);
        };
        return { ...source, read };
      },
    });
    const { app } = archive;
    await until(async () => (await inTheIndex(opened())).length === 20);
    const key = archive.rotateKey();
    exchanged.resolve(undefined);
    await until(() => app.lines.some((line) => line.includes('no credential could be issued')));
    key.toldServer();
    await until(async () => (await inTheIndex(opened())).length === 41);
    expect(await failedFiles(archive)).toEqual([]);
    expect(await inTheIndex(archive)).toEqual(await onTheShare(archive));
  });

  it('F6 sixteen hours without the server: the credentials that are held last, and after their end are renewed', async () => {
    clock = shiftClock();
    archive = await startWholeArchive();
    await addFiles(archive, 0, 5);
    agent = await startWorkingAgent(archive);
    await until(async () => (await inTheIndex(opened())).length === 5);
    // The last moment at which a credential is not renewed yet.
    clock.aheadMs = 8 * HOUR_MS - 60_000;
    await agent.says('Cycle ended');
    archive.server.sever();
    clock.aheadMs += 16 * HOUR_MS;
    await addFiles(archive, 5, 5);
    await until(async () => (await countOnTheShare(opened())) === 10);
    // Listened for before it can happen: an agent may find the files one by one.
    const refused = agent.says('The share refused the credential');
    clock.aheadMs += HOUR_MS;
    await addFiles(archive, 10, 5);
    await refused;
    expect(await countOnTheShare(archive)).toBe(10);
    archive.server.mend();
    await until(async () => (await inTheIndex(opened())).length === 15);
    expect(await inTheIndex(archive)).toEqual(await onTheShare(archive));
  });

  it.each([-86_400, 86_400])(
    'B15 an agent whose clock is %d s off archives all the same, and its server knows',
    async (skew) => {
      archive = await startWholeArchive();
      const { app } = archive;
      await addFiles(archive, 0, 20);
      const root = join(import.meta.dirname, '../..');
      const flags = ['--server', archive.url, '--state', archive.state, '--source', archive.source];
      const child = spawn(
        process.execPath,
        [
          '--import',
          join(root, 'local/fleet/wrongClock.ts'),
          join(root, 'agent/main.ts'),
          ...flags,
          '--schedule-seconds',
          '5',
          '--quiet-seconds',
          '1',
          '--heartbeat-seconds',
          '1',
        ],
        {
          env: { ...process.env, CLOCK_SKEW_SECONDS: String(skew), DATASYNC_ENROL_POLL_SECONDS: '1' },
          stdio: 'ignore',
        },
      );
      try {
        await approveFirst(archive);
        await until(async () => (await inTheIndex(opened())).length === 20);
        expect(await inTheIndex(archive)).toEqual(await onTheShare(archive));
        const { clock_offset_ms: offset } = await app.database.db
          .selectFrom('runners')
          .select('clock_offset_ms')
          .executeTakeFirstOrThrow();
        expect(Math.abs(Number(offset) - skew * 1000)).toBeLessThan(60_000);
        expect(await failedFiles(archive)).toEqual([]);
      } finally {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
    },
  );
});
