import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replayPoison } from '../../functions/workflows/poison/replay.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { startSeverableProxy } from '../support/severable-proxy.ts';
import { countCopies } from './workflow-hosts/countCopies.ts';
import { type Ground, openGround } from './workflow-hosts/ground.ts';
import { killHosts } from './workflow-hosts/killHosts.ts';
import { closingLine, isGood, table } from './workflow-hosts/verdict.ts';

/** Of each of two copies. */
const PAGES = 20;
const seed = process.env['CHAOS_SEED'] ?? String(Date.now() % 1_000_000);
const nothingWrong = 'lost 0, doubled 0, not listed 0, keys never seen 0, unfinished 0';

let database: TestDatabase;
let ground: Ground;
beforeAll(async () => {
  database = await openTestDatabase();
  ground = await openGround(database, { pages: PAGES });
});
afterAll(async () => {
  await ground.close();
  await database.close();
});

it(`W1 B32 two hosts are killed at work again and again: every row is there once, and the API saw every key (CHAOS_SEED=${seed})`, async () => {
  const story: string[] = [];
  const options = { seed, pages: PAGES, kills: 4, hosts: 2, copies: 2 };
  const outcome = await killHosts(ground, options, (line) => story.push(line));
  const shown = [...story, ...table(outcome)].join('\n');
  expect(closingLine(outcome), shown).toBe(nothingWrong);
  expect(isGood(outcome), shown).toBe(true);
  expect(outcome.killed, shown).toBe(4);
});

it('W9 B31 a message that found no database in five attempts is poison; the run is not lost, and goes on by a replay', async () => {
  const { hostname: host, port } = new URL(database.url);
  const proxy = await startSeverableProxy({ host, port: Number(port) });
  const url = new URL(database.url);
  url.host = `127.0.0.1:${String(proxy.port)}`;
  const { poison } = ground.services.slices;
  const statusOf = async (runId: string) =>
    (
      await database.db
        .selectFrom('sync_runs')
        .select('status')
        .where('id', '=', runId)
        .executeTakeFirstOrThrow()
    ).status;
  try {
    await queue().clearMessages(); // second messages for the runs of the test before
    proxy.sever();
    await ground.startHost(url.href);
    const runId = await ground.startCopy();
    await expect.poll(() => poison.depth(), { interval: 100 }).toBeGreaterThan(0);
    expect(await statusOf(runId)).toBe('running');
    proxy.mend();
    const request = { organizationId: 'org', caller, correlationId: 'c', messageIds: undefined };
    expect(await replayPoison(ground.services, request)).toBeGreaterThan(0);
    await expect.poll(() => statusOf(runId), { interval: 100 }).toBe('complete');
    expect(await poison.depth()).toBe(0);
    const copied = { killed: 0, repeated: 0, ...(await countCopies(ground, [runId])) };
    expect(closingLine(copied)).toBe(nothingWrong);
  } finally {
    await proxy.close();
  }
});

const queue = () =>
  QueueServiceClient.fromConnectionString(ground.queueConnectionString).getQueueClient('slices');
const caller = {
  kind: 'person',
  userId: 'u',
  organizationId: 'org',
  email: 'ada@example.org',
  role: 'operator',
  by: 'session',
} as const;
