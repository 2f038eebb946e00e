import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveHandlers } from '../../functions/archive/index.ts';
import { heartbeatHistory, recordHeartbeat } from '../../functions/logs/index.ts';
import type { Tables } from '../../functions/platform/tables/tables.ts';
import type { HeartbeatBody } from '../../functions/archive/heartbeat.ts';
import { until } from '../support/agent.ts';
import {
  approvedAgent,
  heartbeatBody,
  openTestArchive,
  type TestArchive,
} from '../support/archiveServices.ts';
import { openTestTables, type TestTables } from '../support/tables.ts';

const minute = 60_000;
const hour = 60 * minute;

let store: TestTables;
let archive: TestArchive;
let runners = 0;
let runnerId = '';

beforeAll(async () => {
  [store, archive] = await Promise.all([openTestTables(), openTestArchive()]);
});
beforeEach(() => {
  runners += 1;
  runnerId = `runner-${String(runners)}`;
});
afterAll(async () => {
  await store.close();
  await archive.close();
});

type Job = HeartbeatBody['jobs'][number];
const gauges = (jobId: string, sourceCount: number, backlogCount: number): Job => ({
  jobId,
  configVersion: 1,
  sourceCount,
  sourceBytes: sourceCount * 10,
  sourceCap: null,
  backlogCount,
  backlogBytes: backlogCount * 10,
  oldestUnsyncedMs: null,
});

/** Services of a process of its own, which has recorded nothing yet. */
const host = (tables: Tables = store.tables) => ({ ...archive.services, tables });
const said = (...jobs: Job[]) => heartbeatBody({ jobs });
const history = (jobId: string, hours: number, maxPoints = 600) => {
  const to = archive.services.now();
  const from = new Date(to.getTime() - hours * hour);
  return heartbeatHistory(host(), { runnerId, jobId, from, to, maxPoints });
};

describe('heartbeat history', () => {
  it('S16 shows how a job was, oldest first, over midnight', async () => {
    const services = host();
    for (let count = 1; count <= 30; count += 1) {
      recordHeartbeat(services, runnerId, said(gauges('one', 100 + count, count), gauges('two', 5, 0)));
      if (count < 30) archive.services.advance(hour);
    }
    await until(async () => (await history('one', 48)).length === 30);
    const points = await history('one', 48);
    expect(points.map(({ sourceCount }) => sourceCount)).toEqual(
      Array.from({ length: 30 }, (_, index) => 101 + index),
    );
    expect(points.at(-1)).toEqual({
      at: archive.services.now(),
      sourceCount: 130,
      sourceBytes: 1300,
      backlogCount: 30,
      backlogBytes: 300,
    });
    expect(await history('one', 5)).toHaveLength(6);
    expect(await history('unknown', 48)).toEqual([]);
    expect(await history('constructor', 48)).toEqual([]);
  });

  it('S16 an agent that has only just started and counted nothing is no empty source', async () => {
    const services = host();
    recordHeartbeat(services, runnerId, said(gauges('one', 7, 7)));
    archive.services.advance(minute);
    recordHeartbeat(services, runnerId, said(gauges('one', 0, 0)));
    archive.services.advance(minute);
    recordHeartbeat(services, runnerId, said({ ...gauges('one', 0, 0), producedLastHour: 0 }));
    await until(async () => (await history('one', 1)).length === 2);
    expect((await history('one', 1)).map(({ sourceCount }) => sourceCount)).toEqual([7, 0]);
  });

  it('S16 is thinned evenly, and keeps its first and last point', async () => {
    const services = host();
    for (let count = 0; count < 50; count += 1) {
      recordHeartbeat(services, runnerId, said(gauges('one', count, 1)));
      archive.services.advance(minute);
    }
    await until(async () => (await history('one', 1)).length === 50);
    const counts = (await history('one', 1, 8)).map(({ sourceCount }) => sourceCount);
    expect(counts).toEqual([0, 7, 14, 21, 28, 35, 42, 49]);
  });

  it('B35 keeps one heartbeat a minute, however many come', async () => {
    let writes = 0;
    const counting: Tables = {
      ...store.tables,
      upsert: (table, rows) => {
        writes += rows.length;
        return store.tables.upsert(table, rows);
      },
    };
    const services = host(counting);
    for (let beat = 0; beat < 100; beat += 1)
      recordHeartbeat(services, runnerId, said(gauges('one', beat, 1)));
    await until(async () => (await history('one', 1)).length === 1);
    expect(writes).toBe(1);
  });

  it('B35 a large fleet is written less often, not faster', async () => {
    const written: string[] = [];
    const services = host({
      ...store.tables,
      upsert: async (_table, rows) => void written.push(String(rows[0]?.partitionKey)),
    });
    for (let sent = 0; sent < 10; sent += 1) {
      for (let one = 0; one < 4000; one += 1) recordHeartbeat(services, `r${String(one)}`, said());
      archive.services.advance(minute);
      await new Promise((resolve) => void setTimeout(resolve));
    }
    // 40 a second, of one host: 4,000 runners each 100 s, which is every other minute.
    expect(written.length).toBeLessThanOrEqual(5 * 4000);
    expect(written.length).toBeGreaterThan(4 * 2000);
  });

  it('B35 storage that is away, or never answers, neither fails nor delays a heartbeat, and is said once', async () => {
    const agent = await approvedAgent(archive);
    const beat = archiveHandlers.find(({ endpoint }) => endpoint.name === 'agent-heartbeat');
    const silent: Tables = { ...store.tables, upsert: () => new Promise(() => undefined) };
    for (const tables of [silent, archive.services.tables]) {
      const services = host(tables);
      archive.services.lines.length = 0;
      for (let sent = 0; sent < 5; sent += 1) {
        archive.services.advance(minute / 10);
        const request = { body: said(), caller: agent, address: '10.0.0.1' } as never;
        expect((await beat?.work(request, services))?.body).toMatchObject({ runnerId: agent.runnerId });
      }
      await new Promise((resolve) => void setTimeout(resolve));
      const told = archive.services.lines.filter(({ message }) => message.includes('heartbeat history'));
      expect(told).toHaveLength(tables === silent ? 0 : 1);
    }
  });
});
