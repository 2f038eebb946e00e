import type { Db } from '../../platform/database/index.ts';
import { DONATIONS } from '../donations/donations.ts';

/** Our copy of the books. The title of an entry is the donation that it says it books. */
export const BOOKKEEPING = { register: 'bookkeeping', entityTypes: ['payments', 'invoices'] } as const;

/** What one run read from the books. */
export interface Books {
  readonly organizationId: string;
  readonly runId: string;
}

/** Attributes of an entry. */
export interface Booked {
  readonly units: number;
  readonly currency: string;
}

/** Attributes of a donation. */
interface Donated {
  readonly amount: number;
  readonly currency: string;
}

/** Entries that name a donation, each with that donation if we hold it; by code, those after `after`. */
export async function selectBooked(
  db: Db,
  { organizationId, runId }: Books,
  page: { readonly entityType: string; readonly after: string; readonly limit: number },
) {
  const rows = await db
    .selectFrom('register_entities as entry')
    .leftJoin('register_entities as donation', (join) =>
      join
        .onRef('donation.organization_id', '=', 'entry.organization_id')
        .onRef('donation.code', '=', 'entry.title')
        .on('donation.register', '=', DONATIONS.register)
        .on('donation.entity_type', '=', DONATIONS.entityType)
        .on('donation.gone_at', 'is', null),
    )
    .select(['entry.code', 'entry.title', 'entry.attributes_json'])
    .select(['donation.attributes_json as donation_attributes_json'])
    .where('entry.organization_id', '=', organizationId)
    .where('entry.register', '=', BOOKKEEPING.register)
    .where('entry.entity_type', '=', page.entityType)
    .where('entry.seen_run_id', '=', runId)
    .where('entry.title', 'is not', null)
    .where('entry.code', '>', page.after)
    .orderBy('entry.code')
    .limit(page.limit)
    .execute();
  return rows.map(({ code, title, attributes_json, donation_attributes_json }) => ({
    code,
    entityType: page.entityType,
    donation: title ?? '',
    booked: attributes_json as Booked,
    donated: donation_attributes_json as Donated | null,
  }));
}

/** Donations that succeeded and that no payment of this run books. */
export function unbooked(db: Db, { organizationId, runId }: Books) {
  return db
    .selectFrom('register_entities as donation')
    .where('donation.organization_id', '=', organizationId)
    .where('donation.register', '=', DONATIONS.register)
    .where('donation.entity_type', '=', DONATIONS.entityType)
    .where('donation.status', '=', 'succeeded')
    .where('donation.gone_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('register_entities as payment')
            .select('payment.code')
            .whereRef('payment.organization_id', '=', 'donation.organization_id')
            .whereRef('payment.title', '=', 'donation.code')
            .where('payment.register', '=', BOOKKEEPING.register)
            .where('payment.entity_type', '=', 'payments')
            .where('payment.seen_run_id', '=', runId),
        ),
      ),
    );
}

/** Donations that more than one payment of this run books, so many of them. */
export async function selectDoubled(db: Db, { organizationId, runId }: Books, limit: number) {
  const rows = await db
    .selectFrom('register_entities')
    .select(['title'])
    .where('organization_id', '=', organizationId)
    .where('register', '=', BOOKKEEPING.register)
    .where('entity_type', '=', 'payments')
    .where('seen_run_id', '=', runId)
    .where('title', 'is not', null)
    .groupBy('title')
    .having((eb) => eb.fn.countAll<number>(), '>', 1)
    .orderBy('title')
    .limit(limit)
    .execute();
  return rows.map(({ title }) => title ?? '');
}
