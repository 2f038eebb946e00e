import type { ExpressionBuilder, Selectable } from 'kysely';
import type { RegisterChange } from '../../../shared/domain/registerChanges.ts';
import type { RegisterEntity } from '../../../shared/domain/registerEntity.ts';
import {
  type Db,
  insertIfAbsent,
  json,
  rowsFrom,
  type Schema,
  upsert,
  withLock,
} from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';

/** Entities of one kind in one register of one organization, as one run sees them. */
export interface EntityScope {
  readonly organizationId: string;
  /** `tga`, `cricos`, `teqsa`. */
  readonly register: string;
  /** `organisation`, `qualification`, `course`. */
  readonly entityType: string;
  readonly runId: string;
}

type EntityRow = Selectable<Schema['register_entities']>;

export function entityOf(row: KnownRow): RegisterEntity {
  return {
    code: row.code,
    title: row.title,
    status: row.status,
    supersededBy: row.superseded_by,
    attributes: row.attributes_json as RegisterEntity['attributes'],
  };
}

/** The rows of a scope; for each of them further conditions may follow. */
export function selectEntities(db: Db, scope: Omit<EntityScope, 'runId'>) {
  return db
    .selectFrom('register_entities')
    .where('organization_id', '=', scope.organizationId)
    .where('register', '=', scope.register)
    .where('entity_type', '=', scope.entityType);
}

const codesFrom = (codes: readonly string[]) =>
  rowsFrom(
    'wanted',
    { code: 'id' },
    codes.map((code) => ({ code })),
  );

/** What is stored of an entity, as far as a change is told by it. */
const told = [
  'code',
  'title',
  'status',
  'superseded_by',
  'attributes_json',
  'digest',
  'seen_run_id',
  'refreshed_at',
  'gone_at',
] as const;

export type KnownRow = Pick<EntityRow, (typeof told)[number]>;

/** What tells whether an entity is as it was: a walk over a register that hardly changed reads nothing else. */
const compared = ['code', 'digest', 'gone_at'] as const;

export type MetRow = Pick<EntityRow, (typeof compared)[number]>;

/**
 * Those of these codes that are known, marked as met by the run, or, where single entities were asked for their details, as
 * refreshed: that a walk met them is not said by it, as another run may be walking. Reading and marking is one statement, as a walk over an
 * unchanged register does nothing else. The caller holds the lock of the scope.
 */
export async function meetKnown(
  tx: Db,
  scope: EntityScope,
  codes: readonly string[],
  refreshedAt: Date | undefined,
): Promise<MetRow[]> {
  return tx
    .updateTable('register_entities')
    .set(refreshedAt === undefined ? { seen_run_id: scope.runId } : { refreshed_at: refreshedAt })
    .where('organization_id', '=', scope.organizationId)
    .where('register', '=', scope.register)
    .where('entity_type', '=', scope.entityType)
    .where('code', 'in', (eb) => eb.selectFrom(codesFrom(codes)).select('wanted.code'))
    .returning([...compared])
    .execute();
}

/** All that is known of these codes. The caller holds the lock of the scope. */
export async function knownRows(tx: Db, scope: EntityScope, codes: readonly string[]): Promise<KnownRow[]> {
  if (codes.length === 0) return [];
  return selectEntities(tx, scope)
    .select([...told])
    .where('code', 'in', (eb) => eb.selectFrom(codesFrom(codes)).select('wanted.code'))
    .execute();
}

/** A walk, and when it began. */
export interface Walk {
  readonly runId: string;
  readonly startedAt: Date;
}

/**
 * Met by a walk, or by a run that began after it: a walk that failed and is retried days later must not take for gone what
 * others met meanwhile.
 */
export function metSince(eb: ExpressionBuilder<Schema, 'register_entities'>, { runId, startedAt }: Walk) {
  const later = eb
    .selectFrom('sync_runs')
    .select('sync_runs.id')
    .whereRef('sync_runs.id', '=', 'register_entities.seen_run_id')
    .where('sync_runs.started_at', '>=', startedAt);
  return eb.or([eb('register_entities.seen_run_id', '=', runId), eb.exists(later)]);
}

/** Those of these codes that a walk did not meet and that are still there. The caller holds the lock of the scope. */
export async function stillUnseen(
  tx: Db,
  scope: EntityScope & Walk,
  codes: readonly string[],
): Promise<KnownRow[]> {
  return selectEntities(tx, scope)
    .select([...told])
    .where('code', 'in', (eb) => eb.selectFrom(codesFrom(codes)).select('wanted.code'))
    .where('gone_at', 'is', null)
    .where((eb) => eb.not(metSince(eb, scope)))
    .orderBy('code')
    .execute();
}

/** Runs that write entities of one kind take turns, a page at a time. */
export async function withKindLock<T>(tx: Db, scope: EntityScope, fn: () => Promise<T>): Promise<T> {
  const { organizationId, register, entityType } = scope;
  return withLock(tx, `register:${organizationId}:${register}:${entityType}`, fn);
}

/** Marks live entities as gone. */
export async function markGone(
  tx: Db,
  scope: EntityScope,
  codes: readonly string[],
  at: Date,
): Promise<void> {
  if (codes.length === 0) return;
  await tx
    .updateTable('register_entities')
    .set({ gone_at: at, changed_at: at })
    .where('organization_id', '=', scope.organizationId)
    .where('register', '=', scope.register)
    .where('entity_type', '=', scope.entityType)
    .where('gone_at', 'is', null)
    .where('code', 'in', (eb) => eb.selectFrom(codesFrom(codes)).select('wanted.code'))
    .execute();
}

export interface ChangedEntity {
  readonly entity: RegisterEntity;
  readonly digest: string;
  readonly seenRunId: string;
  readonly refreshedAt: Date | null;
}

const columns = {
  organization_id: 'id',
  register: 'id',
  entity_type: 'id',
  code: 'id',
  title: 'text?',
  status: 'text?',
  superseded_by: 'text?',
  attributes_json: 'json',
  digest: 'text',
  seen_run_id: 'text',
  first_seen_at: 'instant',
  changed_at: 'instant',
  refreshed_at: 'instant?',
  gone_at: 'instant?',
} as const;

/** Stores entities that are new, changed or back. */
export async function writeEntities(
  tx: Db,
  scope: EntityScope,
  changed: readonly ChangedEntity[],
  { at }: WriteContext,
): Promise<void> {
  await upsert(tx, 'register_entities', {
    columns,
    rows: changed.map(({ entity, digest, seenRunId, refreshedAt }) => ({
      organization_id: scope.organizationId,
      register: scope.register,
      entity_type: scope.entityType,
      code: entity.code,
      title: entity.title,
      status: entity.status,
      superseded_by: entity.supersededBy,
      attributes_json: json(entity.attributes),
      digest,
      seen_run_id: seenRunId,
      first_seen_at: at,
      changed_at: at,
      refreshed_at: refreshedAt,
      gone_at: null,
    })),
    key: ['organization_id', 'register', 'entity_type', 'code'],
    update: [
      'title',
      'status',
      'superseded_by',
      'attributes_json',
      'digest',
      'seen_run_id',
      'changed_at',
      'refreshed_at',
      'gone_at',
    ],
  });
}

const eventColumns = {
  id: 'id',
  organization_id: 'id',
  run_id: 'text',
  register: 'text',
  event_type: 'text',
  entity_type: 'text',
  entity_code: 'text',
  old_value: 'text?',
  new_value: 'text?',
  detail: 'text?',
  created_at: 'instant',
} as const;

export async function writeChanges(
  tx: Db,
  scope: EntityScope,
  changes: readonly RegisterChange[],
  context: WriteContext,
): Promise<void> {
  await insertIfAbsent(tx, 'change_events', {
    columns: eventColumns,
    rows: changes.map((change) => ({
      id: context.newId(),
      organization_id: scope.organizationId,
      run_id: scope.runId,
      register: scope.register,
      event_type: change.eventType,
      entity_type: scope.entityType,
      entity_code: change.entityCode,
      old_value: change.oldValue,
      new_value: change.newValue,
      detail: change.detail,
      created_at: context.at,
    })),
    key: ['id'],
  });
}
