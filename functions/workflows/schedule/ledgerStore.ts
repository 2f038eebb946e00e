import { type Db, upsert } from '../../platform/database/index.ts';

interface ScheduleKey {
  readonly organizationId: string;
  readonly name: string;
}

export interface Expected {
  readonly schedule: string;
  readonly nextDueAt: Date;
}

export async function readExpected(
  db: Db,
  { organizationId, name }: ScheduleKey,
): Promise<Expected | undefined> {
  const row = await db
    .selectFrom('workflow_schedules')
    .select(['schedule', 'next_due_at'])
    .where('organization_id', '=', organizationId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? undefined : { schedule: row.schedule, nextDueAt: row.next_due_at };
}

const columns = {
  organization_id: 'id',
  name: 'id',
  schedule: 'text',
  next_due_at: 'instant',
  updated_at: 'instant',
} as const;

/** Notes which occurrence is expected next; null: the schedule has come to its end. */
export async function expectNext(
  db: Db,
  next: ScheduleKey & { readonly schedule: string; readonly nextDueAt: Date | null; readonly at: Date },
): Promise<void> {
  const { organizationId, name, schedule, nextDueAt, at } = next;
  if (nextDueAt === null) {
    await expectNothing(db, next);
    return;
  }
  await upsert(db, 'workflow_schedules', {
    columns,
    rows: [{ organization_id: organizationId, name, schedule, next_due_at: nextDueAt, updated_at: at }],
    key: ['organization_id', 'name'],
    update: ['schedule', 'next_due_at', 'updated_at'],
  });
}

/** A workflow that cannot run is not expected to. */
export async function expectNothing(db: Db, { organizationId, name }: ScheduleKey): Promise<void> {
  await db
    .deleteFrom('workflow_schedules')
    .where('organization_id', '=', organizationId)
    .where('name', '=', name)
    .execute();
}
