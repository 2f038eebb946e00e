import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRegisterBench, type RegisterBench } from '../../../test/support/registers.ts';
import { teqsaSync } from './teqsa.ts';

let registers: RegisterBench;
beforeAll(async () => {
  registers = await openRegisterBench({ sizes: { teqsa: 200 } });
});
afterAll(() => registers.close());

it('O9 O7 teqsa_sync walks providers, courses and decisions, and tells what changed', async () => {
  const first = await registers.cycle(teqsaSync);
  expect(await registers.bench.steps(first)).toEqual([
    'init: complete',
    'volume_check_institutions: complete',
    'volume_check_courses: complete',
    'sync_providers: complete',
    'sync_courses: complete',
    'sync_decisions: complete',
    'close_walks: complete',
    'write_snapshot: complete',
  ]);
  expect(await registers.bench.run(first)).toMatchObject({
    status: 'complete',
    records_in: 620,
    records_out: 620,
  });
  registers.server.parties.teqsa.evolve?.(0);
  expect(await registers.told(await registers.cycle(teqsaSync))).toEqual([
    'appeared 0401  Registration',
    'status_changed PRV12001 Active Inactive',
  ]);
});
