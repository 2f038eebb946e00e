import type { BookkeepingEntry } from './api.ts';

/** An id of the payment API, standing alone: `ch_…`, `py_…`. */
const DONATION_ID = /\b(?:ch|py)_[A-Za-z0-9_]+\b/;

/** The donation that an entry says it books: bookkeepers write its id into the note, the reference or the number. */
export function donationOf({ PrivateNote, PaymentRefNum, DocNumber }: BookkeepingEntry): string | null {
  for (const text of [PrivateNote, PaymentRefNum, DocNumber]) {
    const found = DONATION_ID.exec(text ?? '');
    if (found !== null) return found[0];
  }
  return null;
}
