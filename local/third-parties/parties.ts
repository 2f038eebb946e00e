import { openBookkeeping } from './bookkeeping.ts';
import { openCricos } from './cricos.ts';
import { openDonations } from './donations.ts';
import { openPeople } from './people.ts';
import { openTenders } from './tenders.ts';
import { openTeqsa } from './teqsa.ts';
import { openTraining } from './training.ts';

/** Every simulated API, under the first segment of its address: a file and a line each. */
export const openParty = {
  people: openPeople,
  donations: openDonations,
  bookkeeping: openBookkeeping,
  tenders: openTenders,
  cricos: openCricos,
  teqsa: openTeqsa,
  training: openTraining,
} as const;

export type PartyName = keyof typeof openParty;

export type Parties = { readonly [Name in PartyName]: ReturnType<(typeof openParty)[Name]> };
