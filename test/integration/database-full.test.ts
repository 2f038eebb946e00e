import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createClient } from '../../shared/client/index.ts';
import { pendingAgents } from '../../shared/contract/pendingAgents.ts';
import { until } from '../support/agent.ts';
import { type DatabaseQuota, openDatabaseQuota } from '../support/database-quota.ts';
import { runScript } from '../support/scripts.ts';
import {
  countOnTheShare,
  inTheIndex,
  onTheShare,
  startWholeArchive,
  startWorkingAgent,
  type WholeArchive,
  type WorkingAgent,
} from '../support/wholeArchive.ts';

let archive: WholeArchive;
let agent: WorkingAgent | undefined;
let quota: DatabaseQuota | undefined;
afterEach(async () => {
  await agent?.stop();
  await quota?.close();
  await archive.close();
});

const produced = new Map<string, string>();

async function produce(count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    const path = `2026-11-22/ARGO_${String(produced.size).padStart(5, '0')}.geo`;
    const content = randomBytes(2000 + produced.size);
    const beside = join(dirname(archive.source), 'unfinished');
    await writeFile(beside, content);
    await mkdir(dirname(join(archive.source, path)), { recursive: true });
    await rename(beside, join(archive.source, path));
    produced.set(path, createHash('sha256').update(content).digest('hex'));
  }
}

const runFiles = () =>
  archive.app.database.db
    .selectFrom('sync_run_files')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();

async function endedRuns(): Promise<number> {
  const { db } = archive.app.database;
  return (await db.selectFrom('sync_runs').select('id').where('ended_at', 'is not', null).execute()).length;
}

it('S4 B35 a full database: 507, the agent copies on, reclaim frees space, and the index ends equal to the share', async () => {
  archive = await startWholeArchive();
  quota = await openDatabaseQuota(archive.app.database.url);
  await produce(20);
  agent = await startWorkingAgent(archive);
  await until(async () => (await endedRuns()) > 0 && (await inTheIndex(archive)).length === 20);

  await quota.fillUp();
  const told = agent.says('507 database-full');
  await produce(15);
  await told;
  // Nobody is told of it, and yet every file is copied.
  await until(async () => (await countOnTheShare(archive)) === 35);
  expect(await inTheIndex(archive)).toHaveLength(20);
  // Heartbeats are answered, so that no credential runs out; operators may look.
  await until(() => archive.app.lines.some((line) => line.includes('heartbeats are answered but not kept')));
  expect(agent.lines.join('')).not.toMatch(/heartbeat.*507/);
  const headers = () => ({ authorization: `Bearer ${archive.app.admin.token}` });
  await createClient({ baseUrl: archive.app.url, headers }).call(pendingAgents, {});

  const DATABASE_URL = archive.app.database.url;
  const before = (await runFiles()).rows;
  const dry = await runScript('reclaim', ['--dry-run', '--file-days', '0'], { DATABASE_URL });
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.output).toContain(`Would delete ${String(before)} file rows and 0 runs.`);
  expect((await runFiles()).rows).toBe(before);

  const ran = await runScript('reclaim', ['--file-days', '0'], { DATABASE_URL });
  expect(ran.output).toMatch(
    /^Deleted \d+ file rows and 0 runs\. Database: [\d.]+ MiB before, [\d.]+ MiB now\.$/m,
  );
  expect(ran.code).toBe(0);

  // One more file than there was room for would fill it again; the rows that went are enough for those 15.
  await until(async () => (await inTheIndex(archive)).length === 35);
  const index = await inTheIndex(archive);
  expect(index).toEqual(await onTheShare(archive));
  expect(new Map(index.map(({ path, sha256 }) => [path, sha256]))).toEqual(produced);
});
