import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { addFault, type Field, pidOf, removeFault, signal, struck, withDatabase } from './field.ts';

/** Long enough for a cycle of every agent to come by. */
const WAIT_MS = 45_000;
/** How long a step stands still, so that the kill falls into it. */
const HELD_MS = 4000;

/** Requests to the share, in the order of writes: bytes, metadata, whole mark. */
const storageSteps = ['CreateFile', 'PutRange', 'SetFileMetadata', 'SetFileProperties'] as const;
/** Tables of the control plane, in the order of writes: results, state index, folder digest, run totals. */
const databaseSteps = ['sync_run_files', 'synced_files', 'synced_folders', 'sync_runs'] as const;

/** The agents die while the share has not done the step yet. */
function beforeStorageStep(operation: (typeof storageSteps)[number]): Fault {
  return {
    name: `kill −9 the agents before ${operation}`,
    strike: (field) => killAgentsAt(field, operation, { kind: 'slow', delayMs: HELD_MS }),
  };
}

/** The agents die when the share has done the step and nobody has heard of it. */
function afterStorageStep(operation: (typeof storageSteps)[number]): Fault {
  return {
    name: `kill −9 the agents after ${operation}`,
    strike: (field) => killAgentsAt(field, operation, { kind: 'loseAnswer' }),
  };
}

/** Whose request it was is not known from outside: every agent dies. */
async function killAgentsAt(
  field: Field,
  operation: string,
  action: { kind: 'slow'; delayMs: number } | { kind: 'loseAnswer' },
): Promise<void> {
  const id = await addFault(field, { match: { operation }, action, times: 1 });
  if (id === undefined) return;
  if (await struck(field, id, WAIT_MS)) {
    for (const runner of field.runners) signal(await pidOf(field, `agent-${runner}`), 'SIGKILL');
  } else field.say(`  (no ${operation} came by)`);
  await removeFault(field, id);
}

/** A host or an agent dies while the control plane is about to write a table: the transaction stands open. */
function atDatabaseStep(table: (typeof databaseSteps)[number], part: 'a host' | 'an agent'): Fault {
  return {
    name: `kill −9 ${part} while ${table} is written`,
    strike: async (field) => {
      await withDatabase(field, async (client) => {
        await client.query('begin');
        await client.query(`lock table ${table} in exclusive mode`);
        await waitForWaiter(client);
        const names = Object.keys(field.platform.pids()).filter((name) =>
          part === 'a host' ? name.startsWith('host') : name.startsWith('agent-'),
        );
        signal(
          await pidOf(field, field.random.pick(names as unknown as readonly [string, ...string[]])),
          'SIGKILL',
        );
        await sleep(200);
        await client.query('rollback');
      });
    },
  };
}

async function waitForWaiter(client: { query(text: string): Promise<{ rows: unknown[] }> }): Promise<void> {
  const giveUpAt = Date.now() + HELD_MS * 4;
  while (Date.now() < giveUpAt) {
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and pg_backend_pid() = any(pg_blocking_pids(pid))`,
    );
    if (rows.length > 0) return;
    await sleep(20);
  }
}

/** kill −9 before and after each step of the order of writes (docs/architecture.md). */
export const stepKills: readonly Fault[] = [
  ...storageSteps.flatMap((operation) => [beforeStorageStep(operation), afterStorageStep(operation)]),
  ...databaseSteps.flatMap((table) => [atDatabaseStep(table, 'a host'), atDatabaseStep(table, 'an agent')]),
];
