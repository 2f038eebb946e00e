import { z } from 'zod';
import type { Pages, Workflow, WorkflowContext } from '../../workflows/index.ts';
import { listPages } from '../listSync.ts';
import { refuseOvertaken } from '../overtaken.ts';
import { deleteStaged, selectStaged, type TwoCopies } from './differences.ts';
import { DONATIONS, DONATIONS_NEEDS, donationsList, syncDonations } from './donations.ts';
import { REPAIR_STEPS, repairDonations } from './repair.ts';
import { reportDifferences } from './report.ts';

/** Where what the API says stands while it is compared; nobody else reads it. */
const STAGED = 'donations-reconcile';
const TIDY_PAGE = 1000;

const payload = z.object({
  /** Make ours as theirs; left out: only tell. */
  repair: z.boolean().default(false),
  /** A repair may take away more than a small part of what we hold. */
  acceptFall: z.boolean().default(false),
});

/**
 * Compares the API's donations with ours: missing, extra and different ones, with samples. Changes nothing of ours unless
 * it is told to repair.
 */
const workflow: Workflow<z.infer<typeof payload>> = {
  name: 'ReconcileDonations',
  summary: 'Finds donations that are missing, extra or different here, and repairs them when told to.',
  payload,
  exclusive: DONATIONS.register,
  schedule: '0 0 4 * * 0',
  expectedMinutes: 60,
  needs: DONATIONS_NEEDS,
  volume: 'full',
  run: async (context, { repair, acceptFall }) => {
    const copies = copiesOf(context);
    const { db } = context.services.database;
    await context.seed(['read_api', 'compare', ...(repair ? REPAIR_STEPS : []), 'tidy']);
    const { recordsIn: read } = await context.pages(
      'read_api',
      listPages(context, { ...donationsList, register: STAGED }),
    );
    const stillTrue = () => refuseOvertaken(context, [workflow.name, syncDonations.name]);
    const report = await context.activity('compare', async () => {
      await stillTrue();
      return await reportDifferences(db, copies);
    });
    const how = { acceptFall, stillTrue };
    const repaired = repair ? await repairDonations(context, copies, report, how) : 0;
    await tidy(context, copies);
    return { read, ...report, repaired };
  },
};
export const reconcileDonations: Workflow = workflow;

function copiesOf({ run: { organizationId, runId } }: WorkflowContext): TwoCopies {
  const { register: ours, entityType } = DONATIONS;
  return { organizationId, runId, entityType, ours, theirs: STAGED };
}

/** What was staged has no further use. */
async function tidy(context: WorkflowContext, copies: TwoCopies): Promise<void> {
  const { db } = context.services.database;
  const walk: Pages<string, number> = {
    first: 1,
    fetch: async (page) => {
      const rows = await selectStaged(db, copies, TIDY_PAGE);
      return { rows, next: rows.length < TIDY_PAGE ? null : page + 1 };
    },
    apply: async (codes, tx) => {
      await deleteStaged(tx, copies, codes);
      return 0;
    },
  };
  // Not work of the run: what it deletes is not what it read.
  await context.pages('tidy', walk, { kind: 'baseline' });
}
