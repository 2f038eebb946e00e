import { type Db, rowsFrom } from '../../platform/database/index.ts';

/** Two copies of one list in `register_entities`: ours, and what the API says in the run that compares. */
export interface TwoCopies {
  readonly organizationId: string;
  readonly entityType: string;
  readonly ours: string;
  readonly theirs: string;
  /** Only what this run was told is theirs. */
  readonly runId: string;
}

/** `missing` in ours, `extra` in ours, `different` on both sides. */
export const DIFFERENCES = ['missing', 'extra', 'different'] as const;
export type DifferenceKind = (typeof DIFFERENCES)[number];

export interface StoredRecord {
  readonly title: string | null;
  readonly status: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Difference {
  readonly code: string;
  readonly ours: StoredRecord | null;
  readonly theirs: StoredRecord | null;
}

/** Differences of one kind by code, those after `after`. */
export async function selectDifferences(
  db: Db,
  copies: TwoCopies,
  kind: DifferenceKind,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Difference[]> {
  const rows = await differing(db, copies, kind)
    .select(['one.code', 'one.title', 'one.status', 'one.attributes_json'])
    .select([
      'other.title as other_title',
      'other.status as other_status',
      'other.attributes_json as other_attributes_json',
    ])
    .where('one.code', '>', after)
    .orderBy('one.code')
    .limit(limit)
    .execute();
  return rows.map(({ code, ...row }) => {
    const one = stored(row.title, row.status, row.attributes_json);
    const other =
      kind === 'different' ? stored(row.other_title, row.other_status, row.other_attributes_json) : null;
    return kind === 'extra' ? { code, ours: one, theirs: null } : { code, ours: other, theirs: one };
  });
}

export async function countDifferences(db: Db, copies: TwoCopies, kind: DifferenceKind): Promise<number> {
  const { count } = await differing(db, copies, kind)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** `one` is the side that has the record: ours for what is extra, else theirs. */
function differing(db: Db, copies: TwoCopies, kind: DifferenceKind) {
  const { organizationId, entityType, ours, theirs, runId } = copies;
  const isOurs = kind === 'extra';
  const pairs = db
    .selectFrom('register_entities as one')
    .leftJoin('register_entities as other', (join) => {
      const sameRecord = join
        .onRef('other.organization_id', '=', 'one.organization_id')
        .onRef('other.entity_type', '=', 'one.entity_type')
        .onRef('other.code', '=', 'one.code')
        .on('other.register', '=', isOurs ? theirs : ours);
      return isOurs
        ? sameRecord.on('other.seen_run_id', '=', runId)
        : sameRecord.on('other.gone_at', 'is', null);
    })
    .where('one.organization_id', '=', organizationId)
    .where('one.entity_type', '=', entityType)
    .where('one.register', '=', isOurs ? ours : theirs);
  const present = isOurs
    ? pairs.where('one.gone_at', 'is', null)
    : pairs.where('one.seen_run_id', '=', runId);
  return kind === 'different'
    ? present.whereRef('other.digest', '<>', 'one.digest')
    : present.where('other.code', 'is', null);
}

function stored(title: string | null, status: string | null, attributes: unknown): StoredRecord {
  return { title, status, attributes: attributes as StoredRecord['attributes'] };
}

/** How many records we hold. */
export async function countOurs(db: Db, { organizationId, entityType, ours }: TwoCopies): Promise<number> {
  const { count } = await db
    .selectFrom('register_entities')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('organization_id', '=', organizationId)
    .where('register', '=', ours)
    .where('entity_type', '=', entityType)
    .where('gone_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

/** Codes of their copy, whoever left them there. */
export async function selectStaged(db: Db, copies: TwoCopies, limit: number): Promise<string[]> {
  const rows = await staged(db, copies).select('code').orderBy('code').limit(limit).execute();
  return rows.map(({ code }) => code);
}

function staged(db: Db, { organizationId, entityType, theirs }: TwoCopies) {
  return db
    .selectFrom('register_entities')
    .where('organization_id', '=', organizationId)
    .where('register', '=', theirs)
    .where('entity_type', '=', entityType);
}

/** Their copy is only there to be compared. */
export async function deleteStaged(tx: Db, copies: TwoCopies, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return;
  const { organizationId, entityType, theirs } = copies;
  const wanted = rowsFrom(
    'wanted',
    { code: 'id' },
    codes.map((code) => ({ code })),
  );
  await tx
    .deleteFrom('register_entities')
    .where('organization_id', '=', organizationId)
    .where('register', '=', theirs)
    .where('entity_type', '=', entityType)
    .where('code', 'in', (eb) => eb.selectFrom(wanted).select('wanted.code'))
    .execute();
}
