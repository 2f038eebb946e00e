import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { testServices, type TestServices } from '../../../test/support/services.ts';
import { runTick } from './runTick.ts';
import type { TimerHandler } from './timer.ts';

let database: TestDatabase;
let services: TestServices;

beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  await database.db.deleteFrom('timer_ticks').execute();
  services = testServices({ database, startAt: new Date('2026-04-13T02:05:00.200Z') });
});
afterAll(async () => {
  await database.close();
});

function timer(work: TimerHandler['work']): TimerHandler {
  return { name: 'sweep', schedule: '0 */5 * * * *', work };
}

const ticks = () => database.db.selectFrom('timer_ticks').selectAll().orderBy('due_at').execute();

describe('runTick', () => {
  it('S14 records when a tick was due, when it ran, and what it examined and changed', async () => {
    expect(
      await runTick(
        timer(async () => ({ examined: 7, changed: 2 })),
        services,
      ),
    ).toBe('done');
    expect(await ticks()).toEqual([
      {
        timer_name: 'sweep',
        due_at: new Date('2026-04-13T02:05:00.000Z'),
        instance_id: services.instanceId,
        started_at: services.now(),
        finished_at: services.now(),
        examined: 7,
        changed: 2,
        error: null,
      },
    ]);
  });

  it('B1 of eight instances that fire for one occurrence, one acts', async () => {
    let acted = 0;
    const sweep = timer(async () => {
      acted += 1;
      return { examined: 0, changed: 0 };
    });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => runTick(sweep, testServices({ database, startAt: services.now() }))),
    );
    expect(acted).toBe(1);
    expect(outcomes.toSorted()).toEqual(['done', ...Array.from({ length: 7 }, () => 'rival')]);
  });

  it('S5 B8 a tick that fails records why, without secrets, and the next tick works', async () => {
    let attempts = 0;
    const sweep = timer(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('Connection is closed: Password=hunter2;');
      return { examined: 1, changed: 0 };
    });
    expect(await runTick(sweep, services)).toBe('failed');
    services.advance(5 * 60_000);
    expect(await runTick(sweep, services)).toBe('done');
    const [failed, next] = await ticks();
    expect(failed?.error).toContain('Connection is closed');
    expect(failed?.error).not.toContain('hunter2');
    expect(failed?.finished_at).not.toBeNull();
    expect(next).toMatchObject({ examined: 1, error: null });
  });

  it('B3 an occurrence that was missed runs once when the host is back', async () => {
    let acted = 0;
    const sweep = timer(async () => {
      acted += 1;
      return { examined: 0, changed: 0 };
    });
    services.advance(3 * 60_000);
    await runTick(sweep, services);
    await runTick(sweep, services);
    expect(acted).toBe(1);
  });
});
