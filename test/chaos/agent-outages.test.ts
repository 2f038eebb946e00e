import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readLines } from '../../agent/journal/lines.ts';
import { openSourceFile } from '../../agent/source/sourceFile.ts';
import { until } from '../support/agent.ts';
import {
  type ArchivedFact,
  countOnTheShare,
  inTheIndex,
  onTheShare,
  startWholeArchive,
  startWorkingAgent,
  type WholeArchive,
  type WorkingAgent,
} from '../support/wholeArchive.ts';

const MIB = 1024 * 1024;
/** Index and share are read as a whole each time. */
const ASKED_EVERY_MS = 250;
/** Between two files of the instrument. */
const PRODUCES_EVERY_MS = 300;

let archive: WholeArchive;
let agent: WorkingAgent | undefined;
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  await archive.close();
});

/** What an instrument has finished: path → SHA-256. */
type Produced = Map<string, string>;

async function finish(produced: Produced, path: string, content: Buffer): Promise<void> {
  const beside = join(dirname(archive.source), 'unfinished');
  await writeFile(beside, content);
  await mkdir(dirname(join(archive.source, path)), { recursive: true });
  await rename(beside, join(archive.source, path));
  produced.set(path, createHash('sha256').update(content).digest('hex'));
}

/** An instrument goes on, small files and large ones, while something happens to the platform. */
async function whileProducing(produced: Produced, happens: () => Promise<void>): Promise<void> {
  const end = { reached: false };
  const instrument = (async () => {
    for (let number = produced.size; !end.reached || number < 30; number += 1) {
      const path = `2026-11-${String(10 + (number % 5))}/ARGO_${String(number).padStart(5, '0')}.geo`;
      await finish(produced, path, randomBytes(number % 20 === 7 ? 9 * MIB : 2000 + number));
      await new Promise((resolve) => void setTimeout(resolve, PRODUCES_EVERY_MS));
    }
  })();
  try {
    await happens();
  } finally {
    end.reached = true;
    await instrument;
  }
}

async function isAllIn(produced: Produced): Promise<void> {
  await until(async () => (await inTheIndex(archive)).length >= produced.size, ASKED_EVERY_MS);
}

/** Index and share have the same files, each with the same facts, and they are what the instrument made, each once. */
async function expectExact(produced: Produced): Promise<ArchivedFact[]> {
  const index = await inTheIndex(archive);
  expect(index).toEqual(await onTheShare(archive));
  expect(new Map(index.map(({ path, sha256 }) => [path, sha256]))).toEqual(
    new Map([...produced].sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  return index;
}

/** Results that the server took, as the agent knows it. */
async function toldAsTaken({ state }: WholeArchive): Promise<Set<string>> {
  const { entries } = readLines(await readFile(join(state, 'journal.jsonl'), 'utf8'));
  return new Set(entries.flatMap((entry) => (entry.kind === 'reported' ? entry.keys : [])));
}

describe('an instrument produces while a part of the platform is away', () => {
  it('F6 the server: the agent copies on, journals, replays; index and share end equal without a reconcile', async () => {
    archive = await startWholeArchive();
    const produced: Produced = new Map();
    agent = await startWorkingAgent(archive);
    await whileProducing(produced, async () => {
      await until(async () => (await inTheIndex(archive)).length > 3, ASKED_EVERY_MS);
      archive.server.sever();
      const before = await countOnTheShare(archive);
      await until(async () => (await countOnTheShare(archive)) > before + 10, ASKED_EVERY_MS);
      expect((await inTheIndex(archive)).length).toBeLessThan(before + 10);
      archive.server.mend();
    });
    await isAllIn(produced);
    await expectExact(produced);
  });

  it('F7 the storage: nothing is lost, and nothing is archived under two names', async () => {
    archive = await startWholeArchive();
    const produced: Produced = new Map();
    const settings = { tries: 2 };
    agent = await startWorkingAgent(archive, { settings });
    const { says } = agent;
    await whileProducing(produced, async () => {
      await until(async () => (await inTheIndex(archive)).length > 3, ASKED_EVERY_MS);
      await archive.storage.down();
      await says('Cycle ended');
      await says('Cycle ended');
      await archive.storage.up();
    });
    await isAllIn(produced);
    await expectExact(produced);
  });

  it('F6 B9 the database: the server says so, and the agent does as without a server', async () => {
    archive = await startWholeArchive();
    const produced: Produced = new Map();
    agent = await startWorkingAgent(archive);
    await whileProducing(produced, async () => {
      await until(async () => (await inTheIndex(archive)).length > 3, ASKED_EVERY_MS);
      archive.database.refuse();
      const before = await countOnTheShare(archive);
      await until(async () => (await countOnTheShare(archive)) > before + 10, ASKED_EVERY_MS);
      archive.database.heal();
    });
    await isAllIn(produced);
    await expectExact(produced);
  });

  it('F6 B23 a server that takes connections and never answers counts as away', async () => {
    archive = await startWholeArchive();
    const produced: Produced = new Map();
    agent = await startWorkingAgent(archive, { settings: { requestTimeoutSeconds: 3 } });
    await whileProducing(produced, async () => {
      await until(async () => (await inTheIndex(archive)).length > 3, ASKED_EVERY_MS);
      archive.database.silence();
      const before = await countOnTheShare(archive);
      await until(async () => (await countOnTheShare(archive)) > before + 10, ASKED_EVERY_MS);
      archive.database.cut();
    });
    await isAllIn(produced);
    await expectExact(produced);
  });
});

describe('what an agent tells late', () => {
  it('F6 results of a journal that is older than the archive undo nothing newer', async () => {
    archive = await startWholeArchive();
    const produced: Produced = new Map();
    agent = await startWorkingAgent(archive);
    await finish(produced, 'd/kept.geo', randomBytes(3000));
    await isAllIn(produced);
    archive.server.sever();
    await finish(produced, 'd/a.geo', randomBytes(3000));
    await until(async () =>
      (await readFile(join(archive.state, 'journal.jsonl'), 'utf8')).includes('d/a.geo'),
    );
    await agent.stop();
    const [journal, old] = [join(archive.state, 'journal.jsonl'), join(archive.state, 'journal.old')];
    await copyFile(journal, old);
    archive.server.mend();
    agent = await startWorkingAgent(archive);
    await isAllIn(produced);
    // Since then the share has another word on the file, and the index knows it.
    const file = (await archive.share()).getDirectoryClient('d').getFileClient('a.geo');
    await file.setMetadata((await file.getProperties()).metadata ?? {});
    const { etag = '', lastModified = new Date(0) } = await file.getProperties();
    await archive.app.database.db
      .updateTable('synced_files')
      .set({ etag, share_modified_at: lastModified })
      .where('path', '=', 'd/a.geo')
      .execute();
    const before = await expectExact(produced);
    await agent.stop();
    await copyFile(old, journal);
    agent = await startWorkingAgent(archive);
    await agent.says('Cycle ended');
    expect(await readFile(journal, 'utf8')).toMatch(/"acknowledged","seqs":\[(1,)?2\]/);
    expect(await expectExact(produced)).toEqual(before);
  });

  it('F6 a result that the server refuses is set aside and told, and holds up no other', async () => {
    archive = await startWholeArchive();
    const produced: Produced = new Map();
    for (let number = 0; number < 40; number += 1)
      await finish(produced, `d/${String(number)}.geo`, randomBytes(100));
    await finish(new Map(), 'd/cursed.geo', randomBytes(100));
    agent = await startWorkingAgent(archive, {
      openSource: async (path) => {
        if (path.endsWith('cursed.geo'))
          throw Object.assign(new Error('EIO: a NUL \0 in the words of a driver'), {
            code: 'EIO',
            syscall: 'open',
          });
        return openSourceFile(path);
      },
    });
    await agent.says('a result: it is set aside');
    await isAllIn(produced);
    await expectExact(produced);
    const { db } = archive.app.database;
    const told = () =>
      db
        .selectFrom('sync_run_files')
        .select(['path', 'error'])
        .where('outcome', '=', 'report_refused')
        .execute();
    await until(async () => (await told()).length > 0);
    expect((await told())[0]).toMatchObject({
      path: 'd/cursed.geo',
      error: expect.stringContaining('holds a NUL'),
    });
    const kept = await readFile(join(archive.state, 'refused-results.jsonl'), 'utf8');
    expect(JSON.parse(kept.split('\n')[0] ?? '')).toMatchObject({
      result: { path: 'd/cursed.geo', outcome: 'unreadable' },
    });
    const ended = await db.selectFrom('sync_runs').select('status').where('status', '=', 'partial').execute();
    expect(ended.length).toBeGreaterThan(0);
  });

  it('F6 a database restored to the middle of a run: the run ends, and the next ones are as ever', async () => {
    archive = await startWholeArchive();
    const produced: Produced = new Map();
    const { db } = archive.app.database;
    for (let number = 0; number < 12; number += 1)
      await finish(produced, `d/${String(number)}.geo`, randomBytes(100));
    const last = Promise.withResolvers<undefined>();
    agent = await startWorkingAgent(archive, {
      openSource: async (path) => {
        if (path.endsWith('/11.geo')) await last.promise;
        return openSourceFile(path);
      },
    });
    // The agent must have heard that they were taken: what it does not know to be taken, it sends again.
    await until(async () => (await toldAsTaken(archive)).size === 11);
    // The server goes before the run can be closed, and comes back without some of what it had taken.
    archive.server.sever();
    last.resolve(undefined);
    await agent.says('The run stays open');
    await db.deleteFrom('sync_run_files').where('path', 'in', ['d/3.geo', 'd/4.geo']).execute();
    archive.server.mend();
    await agent.says('closed as it stands');
    await isAllIn(produced);
    await expectExact(produced);
    const runs = await db
      .selectFrom('sync_runs')
      .select(['status', 'status_reason'])
      .orderBy('started_at')
      .execute();
    expect(runs[0]).toMatchObject({ status: 'partial', status_reason: expect.stringContaining('restore') });
    await finish(produced, 'd/next.geo', randomBytes(100));
    await isAllIn(produced);
    await expectExact(produced);
  });
});
