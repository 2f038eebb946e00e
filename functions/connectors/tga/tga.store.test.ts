import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingComponent } from '../../../local/third-parties/trainingPages.ts';
import { openRegisterBench, type RegisterBench } from '../../../test/support/registers.ts';
import { type TrainingRegister, trainingRegister } from '../../../test/support/training.ts';
import { isFullWeek } from './delta.ts';
import { tgaSync } from './tga.ts';

const COMPONENTS = 600;
const ORGANISATIONS = 120;
const DAY_MS = 24 * 3_600_000;

let registers: RegisterBench;
let register: TrainingRegister;
beforeAll(async () => {
  registers = await openRegisterBench({ sizes: { training: COMPONENTS } });
  register = trainingRegister(registers.server);
});
beforeEach(async () => {
  register.restore();
  await registers.clear({ TGA_REFRESH_COUNT: 5 });
  toWeek({ isFull: false });
});
afterAll(() => registers.close());

/** Moves the clock to the next week in which delta walks ask for everything, or for what changed. */
function toWeek({ isFull }: { readonly isFull: boolean }): void {
  const { services } = registers.bench;
  do services.advance(7 * DAY_MS);
  while (isFullWeek(services.now()) !== isFull);
}

const now = () => registers.bench.services.now().toISOString();
const run = (runId: string) => registers.bench.run(runId);
const filtersOf = (path: string) =>
  register.asked(path).map((target) => new URLSearchParams(target.split('?')[1]).get('filter'));

describe('tga_sync', () => {
  it('O9 walks under the names of its phases; a first inventory is no change, and a second cycle finds nothing new', async () => {
    const first = await registers.cycle(tgaSync);
    expect(await registers.bench.steps(first)).toEqual(
      [
        'init',
        'volume_check_orgs',
        'volume_check_training',
        'sweep_statuses',
        'close_walks',
        'sync_training',
        'sync_orgs',
        'training_refresh',
        'sync_qual_statuses',
        'flag_restricted',
        'refresh_stats',
        'write_log',
        'write_snapshot',
      ].map((step) => `${step}: complete`),
    );
    expect(await run(first)).toMatchObject({
      status: 'complete',
      records_in: 2 * COMPONENTS + 2 * ORGANISATIONS + 5,
    });
    expect(await registers.countLive('tga', 'organisation')).toBe(ORGANISATIONS);
    expect(await registers.countLive('tga', 'unit')).toBe(COMPONENTS * 0.6);
    const second = await registers.cycle(tgaSync);
    expect(await run(second)).toMatchObject({ status: 'complete', doubt: null });
    expect([await registers.told(first), await registers.told(second)]).toEqual([[], []]);
  });

  it('O9 asks the second time only for what changed, a week before the last walk began; of four weeks one asks for all', async () => {
    await registers.cycle(tgaSync);
    const since = new Date(registers.bench.services.now().getTime() - 7 * DAY_MS).toISOString();
    registers.server.seen.length = 0;
    await registers.cycle(tgaSync);
    expect(filtersOf('/search/training')).toEqual([
      null,
      null,
      `LatestRelease/Date ge ${since} or UsageRecommendation/StartDate ge ${since}`,
    ]);
    expect(filtersOf('/search/organisation')).toEqual([`UpdatedDate ge ${since}`, null, null]);
    registers.server.seen.length = 0;
    toWeek({ isFull: true });
    await registers.cycle(tgaSync);
    expect(new Set([...filtersOf('/search/training'), ...filtersOf('/search/organisation')])).toEqual(
      new Set([null]),
    );
  });

  it('O7 tells a transition with its successor, a new release, what appeared and what disappeared', async () => {
    await registers.cycle(tgaSync);
    const qualification = register.component(14);
    const released = register.component(1);
    const gone = register.remove(7);
    Object.assign(qualification, { status: 'Superseded', supersededBy: 'BSB99999', statusSince: now() });
    Object.assign(released, { release: released.release + 1 });
    registers.server.parties.training.components.push({ ...trainingComponent(3), code: 'BSB99999' });
    registers.server.seen.length = 0;
    const told = await registers.told(await registers.cycle(tgaSync));
    expect(told).toEqual(
      [
        'appeared BSB99999  Current',
        `disappeared ${gone.code} Current `,
        `new_release ${released.code} ${String(released.release - 1)} ${String(released.release)}`,
        `status_changed ${qualification.code} Current Superseded`,
        `superseded ${qualification.code} ${qualification.code} BSB99999`,
        `attribute_changed ${qualification.code} Current Superseded`,
      ].sort(),
    );
    expect(register.asked(`/training/${qualification.code}`)).toHaveLength(1);
    const mapped = await registers.bench.database.db
      .selectFrom('register_entities')
      .select('attributes_json')
      .where('code', '=', qualification.code)
      .executeTakeFirstOrThrow();
    expect(mapped.attributes_json).toMatchObject({ mapsTo: ['BSB99999'] });
  });

  it('O9 refreshes in turn: those that have no details, then those whose details are oldest', async () => {
    const asked: string[][] = [];
    for (const cycle of [1, 2, 3]) {
      registers.server.seen.length = 0;
      await registers.cycle(tgaSync);
      asked.push(register.asked('/training/'));
      expect(asked[cycle - 1]).toHaveLength(5);
    }
    expect(new Set(asked.flat()).size).toBe(15);
    await registers.bench.database.db
      .updateTable('register_entities')
      .set({ refreshed_at: registers.bench.services.now() })
      .where('refreshed_at', 'is', null)
      .execute();
    registers.server.seen.length = 0;
    await registers.cycle(tgaSync);
    expect(register.asked('/training/').toSorted()).toEqual(asked[0]?.toSorted());
  });

  it('O9 flags organisations while a restriction of theirs lasts, and tells when that changes', async () => {
    await registers.cycle(tgaSync);
    const organisation = register.organisation(110);
    const day = (offset: number) =>
      new Date(registers.bench.services.now().getTime() + offset * DAY_MS).toISOString().slice(0, 10);
    organisation.restrictions = [{ restriction: 'No new students', startDate: day(-1), endDate: day(2) }];
    const list = JSON.stringify([{ endDate: day(2), restriction: 'No new students', startDate: day(-1) }]);
    expect(await registers.told(await registers.cycle(tgaSync))).toEqual([
      `attribute_changed ${organisation.code} [] ${list}`,
      `attribute_changed ${organisation.code} false true`,
    ]);
    // Flagged still, for a decision perhaps; the restriction itself is over.
    registers.bench.services.advance(5 * DAY_MS);
    expect(await registers.told(await registers.cycle(tgaSync))).toEqual([
      `attribute_changed ${organisation.code} true false`,
    ]);
  });

  it('O6 B30 an emptied register stops the cycle before anything is deleted', async () => {
    await registers.cycle(tgaSync);
    registers.server.faults.add({ party: 'training', kind: 'emptied', times: 100 });
    const stopped = await registers.cycle(tgaSync);
    expect(await run(stopped)).toMatchObject({
      status: 'failed',
      pointer: 'sweep_statuses',
      error_tag: null,
    });
    expect(await registers.countLive('tga', 'unit')).toBe(COMPONENTS * 0.6);
    expect(await registers.told(stopped)).toEqual([]);
    registers.server.faults.clear();
    await registers.bench.retry(tgaSync, stopped);
    expect(await run(stopped)).toMatchObject({ status: 'complete' });
  });

  it('O9 B30 a component that is deleted while the register is walked moves no other past the walk', async () => {
    await registers.cycle(tgaSync);
    const { training } = registers.server.parties;
    const { answer } = training;
    let gone: string | undefined;
    training.answer = (request) => {
      if (gone === undefined && request.query.get('offset') === '500') gone = register.remove(3).code;
      return answer(request);
    };
    const runId = await registers.cycle(tgaSync);
    training.answer = answer;
    expect(await run(runId)).toMatchObject({ status: 'complete' });
    // The walk met it before it went: that it is gone, the next one sees.
    expect(await registers.told(runId)).toEqual([]);
    expect(await registers.told(await registers.cycle(tgaSync))).toEqual([
      `disappeared ${gone ?? ''} Current `,
    ]);
  });

  it('O9 an index that is built anew all the while is tried again later, and nothing is concluded from it', async () => {
    await registers.cycle(tgaSync);
    registers.server.faults.add({ party: 'training', kind: 'emptied', on: 'offset=500', times: 1000 });
    const runId = await registers.cycle(tgaSync);
    expect(await run(runId)).toMatchObject({ status: 'failed', error_tag: 'ServiceUnavailableError' });
    expect(await registers.told(runId)).toEqual([]);
  });

  it.each(['of the page', 'of everything'])('O9 walks to the end where `count` is that %s', async (form) => {
    const { training } = registers.server.parties;
    const { answer } = training;
    training.answer = (request) => {
      const { status, body } = answer(request);
      const { totalCount, ...rest } = body as Record<string, unknown>;
      return {
        status,
        body: form === 'of everything' && totalCount !== undefined ? { ...rest, count: totalCount } : rest,
      };
    };
    const runId = await registers.cycle(tgaSync);
    training.answer = answer;
    expect(await run(runId)).toMatchObject({
      status: 'complete',
      records_in: 2 * COMPONENTS + 2 * ORGANISATIONS + 5,
    });
  });

  it('W4 B22 goes on where it stood after limits, an outage, and answers that were cut or never came', async () => {
    const on = 'offset=500';
    registers.server.faults.add({ party: 'training', kind: 'status', status: 429, retryAfter: '30', on });
    registers.server.faults.add({ party: 'training', kind: 'status', status: 503, on });
    registers.server.faults.add({ party: 'training', kind: 'half', on: '/search/organisation' });
    registers.server.faults.add({ party: 'training', kind: 'reset', on: '/training/' });
    const runId = await registers.cycle(tgaSync);
    expect(await run(runId)).toMatchObject({ status: 'complete' });
    const offsets = register.asked('/search/training').map((target) => /offset=(\d+)/.exec(target)?.[1]);
    expect(offsets).toEqual(['0', '500', '500', '500', '0', '500']);
  });

  it('W4 a filter that the register refuses fails the run with its words; without one each walk takes everything', async () => {
    await registers.clear({
      TGA_ORGS_CHANGE_FIELDS: ['ChangedOn'],
      TGA_TRAINING_CHANGE_FIELDS: [],
      TGA_REFRESH_COUNT: 5,
    });
    toWeek({ isFull: false });
    await registers.cycle(tgaSync);
    registers.server.seen.length = 0;
    const runId = await registers.cycle(tgaSync);
    expect(filtersOf('/search/training')).toEqual([null, null, null, null]);
    expect(await run(runId)).toMatchObject({
      status: 'failed',
      error_tag: 'ValidationError',
      pointer: 'sync_orgs',
      result_json: {
        cause: { status: 400, body: { detail: 'Invalid expression: could not find a property' } },
      },
    });
  });

  it('O9 one component that the register cannot show does not keep the others from their turn', async () => {
    const bad = register.component(0).code;
    registers.server.faults.add({
      party: 'training',
      kind: 'status',
      status: 500,
      on: `/training/${bad}`,
      times: 100,
    });
    const runId = await registers.cycle(tgaSync);
    expect(await run(runId)).toMatchObject({ status: 'complete' });
    expect(registers.bench.services.lines).toContainEqual({
      level: 'warn',
      message: 'what the register has on it cannot be read',
    });
    registers.server.faults.clear();
    registers.server.faults.add({ party: 'training', kind: 'html', on: '/training/', times: 100 });
    const failed = await registers.cycle(tgaSync);
    expect(await run(failed)).toMatchObject({
      status: 'failed',
      error_tag: 'InternalServerError',
      pointer: 'training_refresh',
    });
  });

  it('O9 nor does the only organisation that is flagged stop the cycle when its restrictions cannot be shown', async () => {
    const { code } = register.organisation(110);
    register.organisation(110).restrictions = [
      { restriction: 'No new students', startDate: '2026-01-01', endDate: null },
    ];
    const on = `/organisation/${code}/restrictions`;
    registers.server.faults.add({ party: 'training', kind: 'status', status: 500, on, times: 100 });
    const runId = await registers.cycle(tgaSync);
    expect(await run(runId)).toMatchObject({ status: 'complete' });
    expect(register.asked(on)).toHaveLength(1);
  });
});
