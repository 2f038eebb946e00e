import { volumeVerdict } from '../../../shared/domain/volumeFall.ts';
import { markGone, storeEntities } from '../../observatory/index.ts';
import { type WorkflowContext, WorkflowFault } from '../../workflows/index.ts';
import {
  countOurs,
  type Difference,
  type DifferenceKind,
  DIFFERENCES,
  selectDifferences,
  type TwoCopies,
} from './differences.ts';
import type { DifferenceReport } from './report.ts';

const PAGE = 500;

export const REPAIR_STEPS = DIFFERENCES.map(stepOf);

function stepOf(kind: DifferenceKind): string {
  return `repair_${kind}`;
}

export interface RepairOptions {
  /** It may take away more of ours than is believed at once. */
  readonly acceptFall: boolean;
  /** Throws WorkflowFault when what is theirs is no longer what was compared: a repair may be retried too. */
  readonly stillTrue: () => Promise<void>;
}

/**
 * Makes ours as theirs; gives how many records it wrote. Throws WorkflowFault when that would take away more of ours than
 * is believed at once: then the API's list is more likely to be cut off than right.
 */
export async function repairDonations(
  context: WorkflowContext,
  copies: TwoCopies,
  report: DifferenceReport,
  { acceptFall, stillTrue }: RepairOptions,
): Promise<number> {
  if (!acceptFall) await refuseLargeFall(context, copies, report);
  let repaired = 0;
  for (const kind of DIFFERENCES) repaired += await repairKind(context, copies, kind, stillTrue);
  return repaired;
}

async function refuseLargeFall(
  context: WorkflowContext,
  copies: TwoCopies,
  report: DifferenceReport,
): Promise<void> {
  const { database, settings } = context.services;
  const ours = await context.activity('count_ours', () => countOurs(database.db, copies), {
    kind: 'baseline',
  });
  const fall = {
    previous: ours,
    live: ours - report.extra.count,
    maxFallPercent: settings.REGISTER_FALL_PERCENT,
  };
  const { verdict, detail } = volumeVerdict(fall);
  if (verdict !== 'stopped') return;
  throw new WorkflowFault(
    `The repair would leave ${detail ?? 'too little'}. Nothing was changed. If that is right, start it with {"repair": true, "acceptFall": true}.`,
  );
}

async function repairKind(
  context: WorkflowContext,
  copies: TwoCopies,
  kind: DifferenceKind,
  stillTrue: RepairOptions['stillTrue'],
): Promise<number> {
  const { db } = context.services.database;
  const { organizationId, entityType, ours: register, runId } = copies;
  const scope = { organizationId, entityType, register, runId };
  const { recordsOut } = await context.pages<Difference, string>(stepOf(kind), {
    first: '',
    fetch: async (after) => {
      await stillTrue();
      const rows = await selectDifferences(db, copies, kind, { after, limit: PAGE });
      return { rows, next: rows.length < PAGE ? null : (rows.at(-1)?.code ?? null) };
    },
    apply: async (rows, tx, write) => {
      if (kind !== 'extra')
        return await storeEntities(tx, { ...scope, recordChanges: false }, rows.flatMap(theirsOf), write);
      await markGone(
        tx,
        scope,
        rows.map(({ code }) => code),
        write.at,
      );
      return rows.length;
    },
  });
  return recordsOut;
}

function theirsOf({ code, theirs }: Difference) {
  return theirs === null ? [] : [{ code, ...theirs }];
}
