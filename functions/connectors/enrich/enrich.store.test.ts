import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRegisterBench, type RegisterBench } from '../../../test/support/registers.ts';
import { type TrainingRegister, trainingRegister } from '../../../test/support/training.ts';
import { tgaSync } from '../tga/tga.ts';
import { enrichSync } from './enrich.ts';

let registers: RegisterBench;
let register: TrainingRegister;
beforeAll(async () => {
  registers = await openRegisterBench({ sizes: { training: 90 } });
  register = trainingRegister(registers.server);
});
beforeEach(async () => {
  register.restore();
  await registers.clear({ TGA_REFRESH_COUNT: 1, ENRICH_COUNT: 40 });
  await registers.cycle(tgaSync);
  registers.server.seen.length = 0;
});
afterAll(() => registers.close());

const run = (runId: string) => registers.bench.run(runId);
const entities = () => registers.bench.database.db.selectFrom('register_entities').selectAll().execute();
const entity = async (code: string) => (await entities()).find((row) => row.code === code);
const codesAsked = () =>
  [...register.asked('/organisation/'), ...register.asked('/training/')].map(
    (target) => /\d+(?=\?)/.exec(target)?.[0],
  );

describe('enrich_sync', () => {
  it('O9 fetches details batch by batch, goes on where the run before ended, and says when there is nothing left', async () => {
    const first = await registers.cycle(enrichSync);
    expect(await registers.bench.steps(first)).toEqual(['init: complete', 'enrich_batch: complete']);
    expect(await run(first)).toMatchObject({ status: 'complete', records_in: 40, records_out: 40 });
    expect(register.asked('/organisation/')).toHaveLength(18);
    for (const records of [40, 27]) {
      expect(await run(await registers.cycle(enrichSync))).toMatchObject({
        status: 'complete',
        records_in: records,
      });
    }
    // The cycle itself refreshed one.
    expect([codesAsked().length, new Set(codesAsked()).size]).toEqual([107, 107]);
    expect(await entity('30001')).toMatchObject({
      attributes_json: { formerNames: ['Organisation 0001 Partnership'], isRto: true },
    });
    const last = await registers.cycle(enrichSync);
    expect(await run(last)).toMatchObject({ status: 'complete', records_in: 0, doubt: null });
    expect(registers.server.seen).toHaveLength(107);
  });

  it('O9 fetches anew what changed, also before the place where the run before ended', async () => {
    await registers.cycle(enrichSync);
    register.organisation(0).legalName = 'Another name';
    await registers.cycle(tgaSync);
    registers.server.seen.length = 0;
    for (const _ of [2, 3]) await registers.cycle(enrichSync);
    expect(register.asked('/organisation/30001')).toHaveLength(0);
    expect(await run(await registers.cycle(enrichSync))).toMatchObject({ records_in: 1 });
    expect(register.asked('/organisation/30001')).toHaveLength(1);
  });

  it('O9 begins at the start when nothing is left where the run before ended', async () => {
    await registers.cycle(enrichSync);
    await registers.bench.database.db
      .updateTable('register_entities')
      .set({ refreshed_at: registers.bench.services.now() })
      .where('code', '<>', '30001')
      .execute();
    await registers.bench.database.db
      .updateTable('register_entities')
      .set({ refreshed_at: null })
      .where('code', '=', '30001')
      .execute();
    expect(await run(await registers.cycle(enrichSync))).toMatchObject({ records_in: 1 });
  });

  it('O9 one without a page has had its turn; who is enriched counts as met by no walk', async () => {
    const { organisations } = registers.server.parties.training;
    const [hidden] = organisations.splice(0, 1);
    const runId = await registers.cycle(enrichSync);
    expect(await run(runId)).toMatchObject({ status: 'complete', records_in: 40 });
    const row = await entity(hidden?.code ?? '');
    expect(row?.refreshed_at).not.toBeNull();
    expect((await entities()).filter((one) => one.seen_run_id === runId)).toEqual([]);
  });

  it('O9 B7 one that a walk takes away while its details are fetched stays gone', async () => {
    const { training } = registers.server.parties;
    const { answer } = training;
    const { code } = register.organisation(0);
    let gone: Promise<unknown> = Promise.resolve();
    training.answer = (request) => {
      if (request.path === `/api/organisation/${code}`)
        gone = registers.bench.database.db
          .updateTable('register_entities')
          .set({ gone_at: registers.bench.services.now() })
          .where('code', '=', code)
          .execute();
      return answer(request);
    };
    const runId = await registers.cycle(enrichSync);
    await gone;
    training.answer = answer;
    expect((await entity(code))?.gone_at).not.toBeNull();
    expect(await registers.told(runId)).toEqual([]);
  });

  it('W4 B22 after an outage it goes on at the page where it stood', async () => {
    const { code } = register.component(14);
    registers.server.faults.add({ party: 'training', kind: 'status', status: 503, on: code, times: 100 });
    const runId = await registers.cycle(enrichSync);
    expect(await run(runId)).toMatchObject({ status: 'failed', error_tag: 'ServiceUnavailableError' });
    registers.server.faults.clear();
    const before = codesAsked().length;
    await registers.bench.retry(enrichSync, runId);
    expect(await run(runId)).toMatchObject({ status: 'complete', records_in: 40 });
    expect(codesAsked().length - before).toBe(20);
  });
});
