import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectorBench, openConnectorBench, workflowNamed } from '../../../test/support/connectors.ts';
import { type BookkeepingEntry, payment } from '../../../local/third-parties/bookkeeping.ts';
import { chargeId } from '../../../local/third-parties/donations.ts';
import { donationOf } from './reference.ts';

const DONATIONS = 700;
/** Refunded: nobody books what did not come to stay. */
const REFUNDED = 50;

let connectors: ConnectorBench;
let payments: BookkeepingEntry[];
beforeAll(async () => {
  connectors = await openConnectorBench({ sizes: { donations: DONATIONS, bookkeeping: DONATIONS } });
  payments = connectors.server.parties.bookkeeping.entities.Payment;
  const refunded = connectors.server.parties.donations.charges.find(({ id }) => id === chargeId(REFUNDED));
  refunded!.refunded = true;
  await connectors.runOf('Sync-donations.donations.getAll');
});
afterEach(() => connectors.clear());
afterAll(() => connectors.close());

async function reconcile() {
  const runId = await connectors.runOf('qb_reconcile');
  return { run: await connectors.bench.run(runId), runId };
}

describe('qb_reconcile', () => {
  it('O9 finds nothing where the books agree, over all pages of payments and invoices', async () => {
    const { run, runId } = await reconcile();
    const none = { count: 0, samples: [] };
    expect(run).toMatchObject({
      status: 'complete',
      records_in: 840,
      result_json: { compared: 840, missing: none, extra: none, different: none, doubled: none },
    });
    expect(await connectors.bench.steps(runId)).toEqual([
      'init: complete',
      'read_payments: complete',
      'read_invoices: complete',
      'compare: complete',
    ]);
    const asked = connectors.server.seen.filter(({ party }) => party === 'bookkeeping');
    const positions = asked.map(({ target }) => /startposition\+(\d+)/.exec(target)?.[1]);
    expect(positions).toEqual(['1', '501', '701', '1', '141']);
  });

  it('O9 W7 finds what the books lack, hold twice, hold with another amount, or hold of nobody’s donation', async () => {
    const at = (number: number): number => payments.findIndex(({ Id }) => Id === String(7000 + number));
    payments.splice(at(7), 1);
    payments.splice(at(REFUNDED), 1);
    payments[at(8)]!.TotalAmt = 1.01;
    payments.push({ ...payment(9), Id: '99001' });
    payments.push({ ...payment(10), Id: '99002', PrivateNote: 'Donation ch_unheard_of' });
    payments.push({ ...payment(11), Id: '99003', PrivateNote: 'Rent' });
    const { run } = await reconcile();
    expect(run.result_json).toMatchObject({
      missing: { count: 1, samples: [chargeId(7)] },
      doubled: { count: 1, samples: [chargeId(9)] },
      different: {
        count: 1,
        samples: [
          {
            entry: '7008',
            entityType: 'payments',
            donation: chargeId(8),
            booked: '1.01 AUD',
            donated: '25.00 AUD',
          },
        ],
      },
      extra: { count: 1, samples: [{ entry: '99002', donation: 'ch_unheard_of', donated: null }] },
    });
  });

  it('W4 B22 goes on after 503 in the middle, and keeps the fault that a refusal tells', async () => {
    connectors.server.faults.add({
      party: 'bookkeeping',
      kind: 'status',
      status: 503,
      retryAfter: '30',
      on: '+501+',
    });
    expect((await reconcile()).run).toMatchObject({ status: 'complete' });
    connectors.server.faults.add({ party: 'bookkeeping', kind: 'status', status: 401 });
    expect((await reconcile()).run).toMatchObject({
      status: 'failed',
      error_tag: 'AuthenticationError',
      result_json: { cause: { body: { Fault: { type: 'AUTHENTICATION' } } } },
    });
  });

  it('W2 B33 a comparison that is retried after another has passed does not report all donations as missing', async () => {
    const { bench, server } = connectors;
    bench.services.advance(3_600_000);
    server.faults.add({ party: 'bookkeeping', kind: 'status', status: 401, on: 'Invoice' });
    const { runId } = await reconcile();
    bench.services.advance(60_000);
    await reconcile();
    await bench.retry(workflowNamed('qb_reconcile'), runId);
    const said = expect.stringContaining('start it anew') as string;
    expect(await bench.run(runId)).toMatchObject({ status: 'failed', status_reason: said });
  });
});

describe('donationOf', () => {
  it.each([
    [{ PrivateNote: 'Donation ch_1AbC, thanks' }, 'ch_1AbC'],
    [{ PrivateNote: 'Rent', PaymentRefNum: 'py_77' }, 'py_77'],
    [{ DocNumber: 'ch_9' }, 'ch_9'],
    [{ PrivateNote: 'March_ch_ledger' }, null],
    [{}, null],
  ])('O9 %j books %s', (entry, donation) => {
    expect(donationOf({ Id: '1', TotalAmt: 1, ...entry })).toBe(donation);
  });
});
