import { type Db, json, upsert } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';

/** Names what a register remembers from cycle to cycle: `sync_training`, say, for where its delta walk goes on. */
export interface RegisterCursor {
  readonly organizationId: string;
  readonly register: string;
  readonly name: string;
}

/** The cursor that a cycle leaves which came to its end. */
export const SNAPSHOT = 'snapshot';

/** Undefined before the first. */
export async function readRegisterCursor(db: Db, cursor: RegisterCursor): Promise<unknown> {
  const row = await db
    .selectFrom('register_cursors')
    .select('value_json')
    .where('organization_id', '=', cursor.organizationId)
    .where('register', '=', cursor.register)
    .where('name', '=', cursor.name)
    .executeTakeFirst();
  return row?.value_json ?? undefined;
}

const columns = {
  organization_id: 'id',
  register: 'id',
  name: 'id',
  value_json: 'json',
  run_id: 'text',
  updated_at: 'instant',
} as const;

/** Part of the transaction that stores what the cursor has passed. */
export async function writeRegisterCursor(
  tx: Db,
  cursor: RegisterCursor & { readonly runId: string },
  value: unknown,
  { at }: WriteContext,
): Promise<void> {
  const { organizationId, register, name, runId } = cursor;
  await upsert(tx, 'register_cursors', {
    columns,
    rows: [
      {
        organization_id: organizationId,
        register,
        name,
        value_json: json(value),
        run_id: runId,
        updated_at: at,
      },
    ],
    key: ['organization_id', 'register', 'name'],
    update: ['value_json', 'run_id', 'updated_at'],
  });
}
