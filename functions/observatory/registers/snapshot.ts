import type { Db } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';
import { outcome } from '../../workflows/index.ts';
import { readRegisterCursor, SNAPSHOT, writeRegisterCursor } from './cursors.ts';
import { kindsOf, type RegisterCycle, sentinelScope, SNAPSHOT_STEP, type VolumeTarget } from './cycle.ts';
import { tellSnapshot } from './report/tellCycle.ts';
import { sentinelEntry, writeSentinel } from './sentinel.ts';
import { countLive, type StatusTotal, totalsByStatus } from './totals.ts';

/** What a cycle leaves behind. */
export interface Snapshot {
  readonly totals: readonly StatusTotal[];
}

/**
 * The last step of a cycle, `write_snapshot`: what the register holds now, the totals that the next volume check starts
 * from, and, in the same transaction, the e-mail about the cycle.
 */
export async function writeSnapshot(
  cycle: RegisterCycle,
  targets: readonly VolumeTarget[],
): Promise<Snapshot> {
  const { db } = cycle.context.services.database;
  return await cycle.context.activity(
    SNAPSHOT_STEP,
    async () => {
      const snapshot: Snapshot = { totals: await totalsByStatus(db, cycle) };
      const isFirst = (await readRegisterCursor(db, { ...cycle, name: SNAPSHOT })) === undefined;
      const told = { ...snapshot, isFirst, doubt: await cycle.context.doubt() };
      return outcome({
        result: snapshot,
        apply: async (tx, context) => {
          for (const target of targets) await writeEndTotal(tx, cycle, target, context);
          await writeRegisterCursor(
            tx,
            { ...cycle, name: SNAPSHOT },
            { at: context.at.toISOString() },
            context,
          );
          await tellSnapshot(tx, cycle.runId, told, context);
        },
      });
    },
    { phase: true },
  );
}

async function writeEndTotal(
  tx: Db,
  cycle: RegisterCycle,
  target: VolumeTarget,
  context: WriteContext,
): Promise<void> {
  const live = await countLive(tx, kindsOf(cycle, target));
  const scope = { ...sentinelScope(cycle, target.name), isEnd: true };
  await writeSentinel(tx, scope, sentinelEntry(scope, null, live), context);
}
