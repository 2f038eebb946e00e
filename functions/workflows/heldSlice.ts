import type { Db } from '../platform/database/index.ts';
import {
  foresee,
  type RunRow,
  type StepsAsLeft,
  type StepWrite,
  writeContext,
  type WriteContext,
  writeStepsAfter,
} from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { LeaseLost, type SliceWrite } from './slice.ts';
import { type ClaimedSlice, lockHeldRun, storeForetold } from './store.ts';

/** A slice while this instance has it. */
export interface HeldSlice {
  readonly claimed: ClaimedSlice;
  readonly services: Services;
  /** By the newest transaction that is committed; undefined before the first. */
  left: StepsAsLeft | undefined;
  /** The newest write. Activities that go on side by side store one after the other, each from what the one before left. */
  turn: Promise<unknown>;
}

export function holdSlice(claimed: ClaimedSlice, services: Services): HeldSlice {
  return { claimed, services, left: undefined, turn: Promise.resolve() };
}

/** Stores in the middle of a slice, if the lease is still held. Gives the run's status. Throws `LeaseLost`. */
export async function storeWithin(
  held: HeldSlice,
  write: readonly StepWrite[] | SliceWrite,
  isProgress: boolean,
): Promise<RunRow['status']> {
  const { claimed, services } = held;
  const stored = held.turn.then(async () => {
    const foretold = typeof write === 'function' ? undefined : await storedAtOnce(held, write, isProgress);
    if (foretold !== undefined) return foretold.status;
    const leaseMs = services.settings.SLICE_LEASE_SECONDS * 1000;
    const { status } = await storing(held, async (tx, context) => {
      const run = await lockHeldRun(tx, claimed, { leaseMs, isProgress }, context);
      if (run === undefined) throw new LeaseLost();
      return { run, steps: typeof write === 'function' ? await write(tx, context) : write };
    });
    return status;
  });
  held.turn = stored.catch(() => undefined); // thrown to whoever stores it, not to the next
  return await stored;
}

/** Stores a step without asking first, which is one exchange with the database; undefined where it must be asked. */
async function storedAtOnce(
  held: HeldSlice,
  [step, ...others]: readonly StepWrite[],
  isProgress: boolean,
): Promise<RunRow | undefined> {
  if (step === undefined || others.length > 0) return undefined;
  const { claimed, services } = held;
  const at = services.now();
  const foreseen = foresee(held.left, step, at);
  if (held.left === undefined || foreseen === undefined) return undefined;
  const { run } = foreseen.left;
  const isStored = await storeForetold(
    services.database.db,
    { leaseMs: services.settings.SLICE_LEASE_SECONDS * 1000, isProgress },
    {
      runId: claimed.runId,
      token: claimed.token,
      version: held.left.run.version,
      at,
      recordsIn: run.records_in,
      recordsOut: run.records_out,
    },
    foreseen.row,
  );
  if (!isStored) return undefined;
  held.left = foreseen.left;
  return run;
}

/** One transaction of a slice: what `write` takes and stores, then its steps and the run's status. */
export async function storing(
  held: HeldSlice,
  write: (tx: Db, context: WriteContext) => Promise<{ run: RunRow; steps: readonly StepWrite[] }>,
  after?: (run: RunRow, tx: Db, context: WriteContext) => Promise<void>,
): Promise<RunRow> {
  const context = writeContext(held.services);
  held.left = await held.services.database.transaction(async (tx) => {
    const taken = await write(tx, context);
    const left = await writeStepsAfter(tx, taken.run, taken.steps, context, held.left);
    await after?.(left.run, tx, context);
    return left;
  });
  return held.left.run;
}
