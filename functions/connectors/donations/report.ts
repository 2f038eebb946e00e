import type { Db } from '../../platform/database/index.ts';
import {
  countDifferences,
  type Difference,
  type DifferenceKind,
  DIFFERENCES,
  selectDifferences,
  type StoredRecord,
  type TwoCopies,
} from './differences.ts';

/** So many of each kind stand in the result. */
const SAMPLES = 20;

/** One field that the two copies do not agree on. */
export interface FieldDifference {
  readonly ours: unknown;
  readonly theirs: unknown;
}

export interface Sample {
  readonly code: string;
  /** What the side that has the record says of it; of both sides, only what they say differently. */
  readonly record: Readonly<Record<string, unknown>>;
}

export interface KindReport {
  readonly count: number;
  readonly samples: readonly Sample[];
}

export type DifferenceReport = Readonly<Record<DifferenceKind, KindReport>>;

/** Counts and samples of what two copies do not agree on. */
export async function reportDifferences(db: Db, copies: TwoCopies): Promise<DifferenceReport> {
  const reports: Partial<Record<DifferenceKind, KindReport>> = {};
  for (const kind of DIFFERENCES) {
    const count = await countDifferences(db, copies, kind);
    const first = await selectDifferences(db, copies, kind, { after: '', limit: SAMPLES });
    reports[kind] = { count, samples: first.map(sampleOf) };
  }
  return reports as DifferenceReport;
}

function sampleOf({ code, ours, theirs }: Difference): Sample {
  if (ours !== null && theirs !== null) return { code, record: differingFields(ours, theirs) };
  return { code, record: fieldsOf(ours ?? theirs) };
}

export function differingFields(ours: StoredRecord, theirs: StoredRecord): Record<string, FieldDifference> {
  const [mine, yours] = [fieldsOf(ours), fieldsOf(theirs)];
  const names = new Set([...Object.keys(mine), ...Object.keys(yours)]);
  const differing = [...names].filter((name) => JSON.stringify(mine[name]) !== JSON.stringify(yours[name]));
  return Object.fromEntries(
    differing.map((name) => [name, { ours: mine[name] ?? null, theirs: yours[name] ?? null }]),
  );
}

function fieldsOf(record: StoredRecord | null): Record<string, unknown> {
  return { ...record?.attributes, title: record?.title ?? null, status: record?.status ?? null };
}
