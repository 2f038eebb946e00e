import { z } from 'zod';
import { smallestUnits } from '../../../shared/domain/money.ts';
import type { SeenEntity } from '../../observatory/index.ts';
import type { Workflow } from '../../workflows/index.ts';
import { listPages, type ListSource } from '../listSync.ts';
import { refuseOvertaken } from '../overtaken.ts';
import { type BookkeepingEntity, type BookkeepingEntry, fetchEntries } from './api.ts';
import { compareBooks } from './compare.ts';
import { donationOf } from './reference.ts';
import { BOOKKEEPING } from './store.ts';

const payload = z.object({});

/** Compares payments and invoices of the bookkeeping with the donations that we hold. Changes nothing there, and no donation here. */
const workflow: Workflow<z.infer<typeof payload>> = {
  name: 'qb_reconcile',
  summary: 'Finds donations that the bookkeeping lacks, holds twice, or holds with another amount.',
  payload,
  exclusive: BOOKKEEPING.register,
  schedule: '0 30 4 * * *',
  expectedMinutes: 60,
  needs: ['BOOKKEEPING_API_URL', 'BOOKKEEPING_API_TOKEN'],
  volume: 'full',
  run: async (context) => {
    const { organizationId, runId } = context.run;
    await context.seed(['read_payments', 'read_invoices', 'compare']);
    await context.pages('read_payments', listPages(context, entriesOf('Payment')), { phase: true });
    await context.pages('read_invoices', listPages(context, entriesOf('Invoice')), { phase: true });
    const { db } = context.services.database;
    const compare = async () => {
      await refuseOvertaken(context, [workflow.name]);
      return await compareBooks(db, { organizationId, runId });
    };
    return await context.activity('compare', compare, { phase: true });
  },
};
export const reconcileBookkeeping: Workflow = workflow;

function entriesOf(entity: BookkeepingEntity): ListSource<BookkeepingEntry, number> {
  return {
    register: BOOKKEEPING.register,
    entityType: entity === 'Payment' ? 'payments' : 'invoices',
    first: 1,
    fetch: (services, position, activity) => fetchEntries(services, entity, position, activity),
    entityOf: entryEntity,
  };
}

function entryEntity(entry: BookkeepingEntry): SeenEntity {
  // A company that uses one currency only is not told which.
  const currency = entry.CurrencyRef?.value ?? 'AUD';
  return {
    code: entry.Id,
    title: donationOf(entry),
    status: entry.Balance === undefined || entry.Balance === 0 ? 'settled' : 'open',
    attributes: {
      units: smallestUnits(entry.TotalAmt, currency),
      currency,
      date: entry.TxnDate ?? null,
      customer: entry.CustomerRef?.value ?? null,
    },
  };
}
