import type { Workflows } from '../workflows/index.ts';
import { reconcileBookkeeping } from './bookkeeping/reconcile.ts';
import { cricosSync } from './cricos/cricos.ts';
import { syncDonations } from './donations/donations.ts';
import { reconcileDonations } from './donations/reconcile.ts';
import { enrichSync } from './enrich/enrich.ts';
import { peopleWorkflows } from './people/people.ts';
import { syncTenders } from './tenders/tenders.ts';
import { teqsaSync } from './teqsa/teqsa.ts';
import { tgaSync } from './tga/tga.ts';

/** Every workflow that speaks to a third party: a connector is a line here. */
export const workflows: Workflows = [
  ...peopleWorkflows,
  syncDonations,
  reconcileDonations,
  reconcileBookkeeping,
  syncTenders,
  tgaSync,
  cricosSync,
  teqsaSync,
  enrichSync,
];
