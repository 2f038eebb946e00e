import { afterAll, beforeAll, expect, it } from 'vitest';
import { addMailChannel, type Mailbox, openMailbox } from '../../../test/support/mailbox.ts';
import { openRegisterBench, type RegisterBench } from '../../../test/support/registers.ts';
import { trainingRegister } from '../../../test/support/training.ts';
import { deliverDue } from '../../alerts/deliver.ts';
import { tgaSync } from '../tga/tga.ts';
import { enrichSync } from './enrich.ts';

let registers: RegisterBench;
let mailbox: Mailbox;
beforeAll(async () => {
  registers = await openRegisterBench({ sizes: { training: 12 } });
  await registers.clear({ TGA_REFRESH_COUNT: 1, ENRICH_COUNT: 100 });
  mailbox = await openMailbox();
  await addMailChannel(registers.bench.database.db, mailbox, 'mail', ['ops@example.org']);
});
afterAll(async () => {
  await mailbox.close();
  await registers.close();
});

async function mailsOf(run: () => Promise<unknown>): Promise<ReturnType<Mailbox['take']>> {
  await run();
  await deliverDue(registers.bench.services);
  return mailbox.take();
}

it('O8 O9 tga_sync is one mail a cycle; a batch of enrich_sync only when it changed something, or failed', async () => {
  const [cycle, ...others] = await mailsOf(() => registers.cycle(tgaSync));
  expect(others).toEqual([]);
  expect(cycle?.subject).toBe('[DataSync] Cycle complete: tga_sync: 0 changes');
  expect(cycle?.text).toMatch(/\| sweep_statuses +complete/);
  expect(cycle?.text).toMatch(/\| write_log +complete/);
  expect(await mailsOf(() => registers.cycle(enrichSync))).toEqual([]);

  const organisation = trainingRegister(registers.server).organisation(0);
  organisation.legalName = 'Another name';
  await mailsOf(() => registers.cycle(tgaSync));
  const wanting = registers.bench.database.db.updateTable('register_entities').set({ refreshed_at: null });
  await wanting.execute();
  const changed = await mailsOf(() => registers.cycle(enrichSync));
  expect(changed.map(({ subject }) => subject)).toEqual(['[DataSync] Cycle complete: enrich_sync: 1 change']);
  expect(changed[0]?.text).toMatch(/\| attribute changed +organisation +30001/);

  registers.server.faults.add({ party: 'training', kind: 'status', status: 401, times: 1000 });
  await wanting.execute();
  const failed = await mailsOf(() => registers.cycle(enrichSync));
  expect(failed.map(({ subject }) => subject)).toEqual([
    expect.stringContaining('[DataSync] Cycle failed: enrich_sync: '),
  ]);
  expect(await mailsOf(() => registers.cycle(enrichSync))).toEqual([]);
});
