import { moneyText } from '../../../shared/domain/money.ts';
import type { Db } from '../../platform/database/index.ts';
import { BOOKKEEPING, type Books, selectBooked, selectDoubled, unbooked } from './store.ts';

/** So many of each kind stand in the result; all are counted. */
const SAMPLES = 20;
/** Nobody books so many donations twice without noticing. */
const MAX_DOUBLED = 1000;
const PAGE = 1000;

/** An entry and its donation that do not agree, or an entry whose donation we do not hold. */
export interface EntrySample {
  readonly entry: string;
  /** `payments`, `invoices`. */
  readonly entityType: string;
  readonly donation: string;
  readonly booked: string;
  /** Null: we hold no such donation. */
  readonly donated: string | null;
}

interface Counted<Sample> {
  count: number;
  readonly samples: Sample[];
}

export interface BooksReport {
  /** Entries that name a donation. */
  readonly compared: number;
  /** Donations that succeeded and that no payment books. */
  readonly missing: Counted<string>;
  /** Entries that name a donation which we do not hold. */
  readonly extra: Counted<EntrySample>;
  readonly different: Counted<EntrySample>;
  /** Donations that more than one payment books. */
  readonly doubled: Counted<string>;
}

/** Compares what a run read from the books with the donations that we hold. Reads page by page; writes nothing. */
export async function compareBooks(db: Db, books: Books): Promise<BooksReport> {
  const entries = { compared: 0, extra: none<EntrySample>(), different: none<EntrySample>() };
  for (const entityType of BOOKKEEPING.entityTypes) {
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows: BookedRow[] = await selectBooked(db, books, { entityType, after, limit: PAGE });
      for (const row of rows) judge(entries, row);
      entries.compared += rows.length;
      after = rows.length < PAGE ? undefined : rows.at(-1)?.code;
    }
  }
  const doubled = await selectDoubled(db, books, MAX_DOUBLED);
  return {
    ...entries,
    missing: await missingOf(db, books),
    doubled: { count: doubled.length, samples: doubled.slice(0, SAMPLES) },
  };
}

type BookedRow = Awaited<ReturnType<typeof selectBooked>>[number];

function judge(
  { extra, different }: Pick<BooksReport, 'extra' | 'different'>,
  { code, entityType, donation, booked, donated }: BookedRow,
): void {
  const bookedText = moneyText(booked.units, booked.currency);
  const donatedText = donated === null ? null : moneyText(donated.amount, donated.currency);
  if (bookedText === donatedText) return;
  const counted = donatedText === null ? extra : different;
  counted.count += 1;
  if (counted.samples.length >= SAMPLES) return;
  counted.samples.push({ entry: code, entityType, donation, booked: bookedText, donated: donatedText });
}

async function missingOf(db: Db, books: Books): Promise<Counted<string>> {
  const { count } = await unbooked(db, books)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const first = await unbooked(db, books)
    .select('donation.code')
    .orderBy('donation.code')
    .limit(SAMPLES)
    .execute();
  return { count, samples: first.map(({ code }) => code) };
}

function none<Sample>(): Counted<Sample> {
  return { count: 0, samples: [] };
}
