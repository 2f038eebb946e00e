import type { Selectable } from 'kysely';
import type {
  createMaintenanceWindow,
  MaintenanceWindow,
  maintenanceWindows,
} from '../../../shared/contract/maintenance.ts';
import type { BodyOf, ResponseOf } from '../../../shared/contract/endpoint.ts';
import type { Db, Schema } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { type Decision, recordDecision } from './decision.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 14;
const SHOWN_DAYS = 30;
const MAX_WINDOWS = 500;

type WindowRow = Selectable<Schema['maintenance_windows']>;
type WindowBody = BodyOf<typeof createMaintenanceWindow>;

/** Windows that are open or to come, and those of the last days; the latest start first. */
export async function listWindows(
  services: Services,
  organizationId: string,
): Promise<ResponseOf<typeof maintenanceWindows>> {
  const now = services.now();
  const rows = await services.database.db
    .selectFrom('maintenance_windows')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('ends_at', '>=', new Date(now.getTime() - SHOWN_DAYS * DAY_MS))
    .orderBy('starts_at', 'desc')
    .orderBy('id')
    .limit(MAX_WINDOWS)
    .execute();
  return { now: now.toISOString(), windows: rows.map(windowOf) };
}

/** Throws `not-found` for a runner or group that is not the organization's, `invalid-request` for odd times. */
export async function addWindow(
  services: Services,
  decision: Decision,
  body: WindowBody,
): Promise<MaintenanceWindow> {
  const context = writeContext(services);
  const [startsAt, endsAt] = [new Date(body.startsAt), new Date(body.endsAt)];
  refuseOddTimes(startsAt, endsAt, context.at);
  const row: WindowRow = {
    id: context.newId(),
    organization_id: decision.organizationId,
    runner_id: body.runnerId,
    group_id: body.groupId,
    reason: body.reason,
    starts_at: startsAt,
    ends_at: endsAt,
    created_by: decision.name,
    created_at: context.at,
  };
  await services.database.transaction(async (tx) => {
    await refuseForeign(tx, 'runners', decision.organizationId, body.runnerId);
    await refuseForeign(tx, 'runner_groups', decision.organizationId, body.groupId);
    await tx.insertInto('maintenance_windows').values(row).execute();
    const done = {
      action: 'maintenance.created',
      subjectType: 'maintenance-window',
      subjectId: row.id,
      detail: body,
    };
    await recordDecision(tx, decision, done, context);
  });
  return windowOf(row);
}

/** Ends a window now; what it kept back is told by the next sweep. One that is over stays as it is. Throws `not-found`. */
export async function endWindow(
  services: Services,
  decision: Decision,
  windowId: string,
): Promise<MaintenanceWindow> {
  const context = writeContext(services);
  const { organizationId } = decision;
  return services.database.transaction(async (tx) => {
    const row = await tx
      .selectFrom('maintenance_windows')
      .selectAll()
      .where('id', '=', windowId)
      .where('organization_id', '=', organizationId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new Problem('not-found', `There is no maintenance window ${windowId}.`);
    if (row.ends_at <= context.at) return windowOf(row);
    const ends_at = row.starts_at > context.at ? row.starts_at : context.at;
    await tx.updateTable('maintenance_windows').set({ ends_at }).where('id', '=', windowId).execute();
    await tx
      .updateTable('alerts')
      .set((eb) => ({ tell_due_at: context.at, version: eb('version', '+', 1) }))
      .where('organization_id', '=', organizationId)
      .where('tell_due_at', '=', row.ends_at)
      .execute();
    const done = { action: 'maintenance.ended', subjectType: 'maintenance-window', subjectId: windowId };
    await recordDecision(tx, decision, done, context);
    return windowOf({ ...row, ends_at });
  });
}

function refuseOddTimes(startsAt: Date, endsAt: Date, now: Date): void {
  const lengthMs = endsAt.getTime() - startsAt.getTime();
  if (lengthMs > 0 && lengthMs <= MAX_DAYS * DAY_MS && endsAt > now) return;
  throw new Problem(
    'invalid-request',
    `A window from ${startsAt.toISOString()} to ${endsAt.toISOString()} was refused; wanted: an end to come, after the start, at most ${String(MAX_DAYS)} days later.`,
    { errors: [{ pointer: '/body/endsAt', message: 'wanted: to come, at most 14 days after the start' }] },
  );
}

async function refuseForeign(
  tx: Db,
  table: 'runners' | 'runner_groups',
  organizationId: string,
  id: string | null,
): Promise<void> {
  if (id === null) return;
  const row = await tx
    .selectFrom(table)
    .select('id')
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined)
    throw new Problem('not-found', `There is no ${table === 'runners' ? 'runner' : 'group'} ${id}.`);
}

function windowOf(row: WindowRow): MaintenanceWindow {
  return {
    windowId: row.id,
    runnerId: row.runner_id,
    groupId: row.group_id,
    reason: row.reason,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    createdBy: row.created_by,
  };
}
