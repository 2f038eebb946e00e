import {
  changeCounts,
  closeWalks,
  type RegisterCycle,
  registerCycle,
  totalsByStatus,
  tellCycleEnd,
  volumeBaselines,
  type WalkPayload,
  walkPayload,
  writeSnapshot,
} from '../../observatory/index.ts';
import type { Workflow } from '../../workflows/index.ts';
import { deltaWalk } from './delta.ts';
import { foundOrganisation, organisationOf, ORGS } from './organisation.ts';
import { refreshTraining, syncQualificationStatuses } from './refresh.ts';
import { flagRestricted } from './restricted.ts';
import { sweepStatuses } from './sweep.ts';
import { foundTraining, SEARCH_PAGE, TRAINING, trainingOf } from './training.ts';

export const TGA = 'tga';

const PHASES = [
  'sweep_statuses',
  'close_walks',
  'sync_training',
  'sync_orgs',
  'training_refresh',
  'sync_qual_statuses',
  'flag_restricted',
  'refresh_stats',
  'write_log',
  'write_snapshot',
] as const;

const workflow: Workflow<WalkPayload> = {
  name: 'tga_sync',
  summary:
    'Walks training.gov.au: training components and organisations; tells transitions, supersessions, new releases, restrictions.',
  payload: walkPayload,
  exclusive: true,
  schedule: '0 0 2 * * 1',
  expectedMinutes: 6 * 60,
  volume: 'full',
  onEnd: tellCycleEnd,
  needs: ['TGA_API_URL'],
  run: async (context, given) => {
    const cycle = registerCycle(context, TGA, given);
    await context.seed(PHASES);
    const { recordChanges } = await volumeBaselines(cycle, [ORGS, TRAINING]);
    await sweepStatuses(cycle, recordChanges);
    // Organisations keep their place in the register for good, with a status: none of them is ever taken for gone.
    await closeWalks(cycle, [TRAINING]);
    await syncTraining(cycle, recordChanges);
    await syncOrgs(cycle, recordChanges);
    await refreshTraining(cycle);
    await syncQualificationStatuses(cycle);
    await flagRestricted(cycle, recordChanges);
    await refreshStats(cycle);
    await writeLog(cycle);
    return await writeSnapshot(cycle, [ORGS, TRAINING]);
  },
};
export const tgaSync: Workflow = workflow;

async function syncTraining(cycle: RegisterCycle, recordChanges: boolean): Promise<void> {
  await deltaWalk(cycle, recordChanges, {
    step: 'sync_training',
    search: { what: 'training', item: foundTraining, pageSize: SEARCH_PAGE },
    changeFields: cycle.context.services.settings.TGA_TRAINING_CHANGE_FIELDS,
    rowOf: trainingOf,
  });
}

async function syncOrgs(cycle: RegisterCycle, recordChanges: boolean): Promise<void> {
  await deltaWalk(cycle, recordChanges, {
    step: 'sync_orgs',
    search: { what: 'organisation', item: foundOrganisation, pageSize: SEARCH_PAGE },
    changeFields: cycle.context.services.settings.TGA_ORGS_CHANGE_FIELDS,
    rowOf: organisationOf,
  });
}

/** `refresh_stats`: what the register holds now, by kind and status, kept as the step's result. */
async function refreshStats(cycle: RegisterCycle): Promise<void> {
  const { db } = cycle.context.services.database;
  await cycle.context.activity('refresh_stats', () => totalsByStatus(db, cycle), { phase: true });
}

/** `write_log`: one line with what the cycle changed, for whoever reads logs and not mails. */
async function writeLog(cycle: RegisterCycle): Promise<void> {
  const { db } = cycle.context.services.database;
  await cycle.context.activity(
    'write_log',
    async ({ log }) => {
      const changes = await changeCounts(db, cycle.runId);
      log.info('what the cycle changed', { changes });
      return changes;
    },
    { phase: true },
  );
}
