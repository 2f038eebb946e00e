import { listSync, type ListSource, pagedSource } from '../listSync.ts';
import { type Charge, fetchCharges } from './api.ts';

export const DONATIONS = { register: 'donations', entityType: 'donations' } as const;

/** Environment names of what the donations API is reached by. */
export const DONATIONS_NEEDS = ['DONATIONS_API_URL', 'DONATIONS_API_KEY'] as const;

/** All donations as the API lists them. */
export const donationsList: ListSource<Charge, string> = {
  ...DONATIONS,
  first: '',
  fetch: fetchCharges,
  entityOf: ({
    id,
    amount,
    amount_refunded,
    currency,
    created,
    status,
    refunded,
    customer,
    description,
  }) => ({
    code: id,
    title: description ?? null,
    status: refunded ? 'refunded' : status,
    attributes: {
      amount,
      amount_refunded,
      currency: currency.toUpperCase(),
      created: new Date(created * 1000).toISOString(),
      customer: customer ?? null,
    },
  }),
};

export const syncDonations = listSync({
  name: 'Sync-donations.donations.getAll',
  summary: 'Copies all donations of the payment API.',
  needs: DONATIONS_NEEDS,
  schedule: '0 30 3 * * *',
  expectedMinutes: 60,
  register: DONATIONS.register,
  sources: [pagedSource(donationsList)],
});
