import type { Db } from '../../platform/database/index.ts';
import { writeContext, type WriteContext } from '../../platform/runs/index.ts';
import { outcome, WorkflowFault } from '../../workflows/index.ts';
import { kindsOf, type RegisterCycle, sentinelScope, type VolumeTarget } from './cycle.ts';
import { readRegisterCursor, SNAPSHOT } from './cursors.ts';
import { lastTotal, type SentinelEntry, sentinelEntry, writeSentinel } from './sentinel.ts';
import { countLive, countSeen } from './totals.ts';

/** What a cycle knows of its register before it begins. */
export interface Baseline {
  /** False in the first cycle that comes to its end: that a register has entities is no change. */
  readonly recordChanges: boolean;
}

/**
 * The baselines of a cycle, steps `volume_check_<target>`: count what our own tables hold, and stop the cycle if that fell
 * since the last one (rows were lost, and a walk would tell of changes that are none). Throws `WorkflowFault`.
 */
export async function volumeBaselines(
  cycle: RegisterCycle,
  targets: readonly VolumeTarget[],
): Promise<Baseline> {
  let recordChanges = false;
  for (const target of targets) recordChanges = (await volumeBaseline(cycle, target)).hasSnapshot;
  return { recordChanges };
}

async function volumeBaseline(
  cycle: RegisterCycle,
  target: VolumeTarget,
): Promise<{ readonly hasSnapshot: boolean }> {
  const { db } = cycle.context.services.database;
  const scope = sentinelScope(cycle, target.name);
  const found = await cycle.context.activity(
    `volume_check_${target.name}`,
    async () => {
      const live = await countLive(db, kindsOf(cycle, target));
      const entry = sentinelEntry(scope, await lastTotal(db, scope), live);
      const hasSnapshot = (await readRegisterCursor(db, { ...cycle, name: SNAPSHOT })) !== undefined;
      const apply = (tx: Db, context: WriteContext) => writeSentinel(tx, scope, entry, context);
      return outcome({ result: { ...entry, hasSnapshot }, apply });
    },
    { kind: 'baseline' },
  );
  refuseFall(`the stored ${target.name}`, found);
  return found;
}

/** Before a full walk stores anything: what the register says it holds, beside what is known. Throws `WorkflowFault`. */
export async function checkFeed(
  cycle: RegisterCycle,
  target: VolumeTarget,
  feedTotal: number,
): Promise<void> {
  const { db } = cycle.context.services.database;
  await checkAgainstLive(
    cycle,
    `${target.name}:feed`,
    await countLive(db, kindsOf(cycle, target)),
    feedTotal,
  );
}

/** Before a full walk takes anything away: what it met, beside what is known. Throws `WorkflowFault`. */
export async function checkSeen(cycle: RegisterCycle, target: VolumeTarget): Promise<void> {
  const { db } = cycle.context.services.database;
  const kinds = kindsOf(cycle, target);
  const seen = await countSeen(db, kinds, cycle);
  await checkAgainstLive(cycle, `${target.name}:seen`, await countLive(db, kinds), seen);
}

/** A first walk has nothing to fall from. */
async function checkAgainstLive(
  cycle: RegisterCycle,
  name: string,
  known: number,
  found: number,
): Promise<void> {
  const { services } = cycle.context;
  const scope = sentinelScope(cycle, name);
  const entry = sentinelEntry(scope, known === 0 ? null : known, found);
  await writeSentinel(services.database.db, scope, entry, writeContext(services));
  refuseFall(`${cycle.register} ${name}`, entry);
}

function refuseFall(what: string, { verdict, detail }: SentinelEntry): void {
  if (verdict !== 'stopped') return;
  throw new WorkflowFault(
    `volume_check: ${what} holds ${detail ?? 'too little'}. Nothing was deleted. If the register did shrink, start a cycle with {"acceptFall": true}.`,
  );
}
