import type { Selectable } from 'kysely';
import { type Db, json } from '../../platform/database/index.ts';
import type { RunnerCommandsTable } from '../../platform/database/tables/fleet.ts';

export type CommandRow = Selectable<RunnerCommandsTable>;

/** Of a runner; more wait for its next heartbeat. */
const MAX_OPEN = 50;

/** What these agents have not acknowledged yet, each one's oldest first. */
export async function openCommands(db: Db, runnerIds: readonly string[]): Promise<CommandRow[]> {
  return db
    .selectFrom((eb) =>
      eb
        .selectFrom('runner_commands')
        .selectAll()
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) => over.partitionBy('runner_id').orderBy('created_at').orderBy('id'))
            .as('place'),
        )
        .where('runner_id', 'in', runnerIds)
        .where('acknowledged_at', 'is', null)
        .as('open_commands'),
    )
    .selectAll()
    .where('place', '<=', MAX_OPEN)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function markDelivered(db: Db, commandIds: readonly string[], at: Date): Promise<void> {
  await db
    .updateTable('runner_commands')
    .set({ delivered_at: at })
    .where('id', 'in', commandIds)
    .where('delivered_at', 'is', null)
    .execute();
}

/** Of this runner's own commands only; acknowledging twice changes nothing. */
export async function acknowledge(
  db: Db,
  runnerId: string,
  commandIds: readonly string[],
  at: Date,
): Promise<void> {
  await db
    .updateTable('runner_commands')
    .set({ acknowledged_at: at })
    .where('runner_id', '=', runnerId)
    .where('id', 'in', commandIds)
    .where('acknowledged_at', 'is', null)
    .execute();
}

export async function findOpenCommand(
  db: Db,
  command: { readonly runnerId: string; readonly jobId: string; readonly kind: string },
): Promise<CommandRow | undefined> {
  return db
    .selectFrom('runner_commands')
    .selectAll()
    .where('runner_id', '=', command.runnerId)
    .where('job_id', '=', command.jobId)
    .where('kind', '=', command.kind)
    .where('acknowledged_at', 'is', null)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
}

export async function insertCommand(
  db: Db,
  command: {
    readonly id: string;
    readonly runnerId: string;
    readonly jobId: string | null;
    readonly kind: string;
    readonly requestedBy: string;
    readonly at: Date;
  },
): Promise<void> {
  await db
    .insertInto('runner_commands')
    .values({
      id: command.id,
      runner_id: command.runnerId,
      job_id: command.jobId,
      kind: command.kind,
      payload_json: json({}),
      requested_by: command.requestedBy,
      created_at: command.at,
      delivered_at: null,
      acknowledged_at: null,
    })
    .execute();
}
