import { Cron } from 'croner';
import { type Gap, uptimeAgo } from '../../../shared/domain/downtime.ts';
import { NEVER_STARTED } from '../../../shared/domain/notStarted.ts';
import { firstOrganizationId } from '../../platform/organizations.ts';
import type { Services } from '../../platform/services.ts';
import type { Workflow } from '../durable/workflow.ts';
import { missingSettings, type Workflows } from '../registry.ts';
import { scheduledRunId } from '../runId.ts';
import { findWorkflowRun } from '../runStore.ts';
import { expectNext, expectNothing, readExpected } from './ledgerStore.ts';
import { recordNotStarted } from './notStarted.ts';

/** A tick may be this late, by the time that the platform itself was up. */
const GRACE_MS = 10 * 60_000;

/**
 * Holds the schedules against the runs that there are: the newest occurrence that is past its grace and has no run is
 * written down as never started (SPEC O1, B45). Of many that passed in an outage only the newest is, as only that one could
 * still be made up for. Says how many schedules it looked at.
 */
export async function keepLedger(
  services: Services,
  workflows: Workflows,
  gaps: readonly Gap[],
): Promise<{ readonly examined: number; readonly missed: number }> {
  const organizationId = await firstOrganizationId(services.database.db);
  if (organizationId === undefined) return { examined: 0, missed: 0 };
  const scheduled = workflows.flatMap((workflow) =>
    workflow.schedule === undefined ? [] : [{ workflow, schedule: workflow.schedule, organizationId }],
  );
  let missed = 0;
  for (const one of scheduled) {
    try {
      if (await judge(services, one, gaps)) missed += 1;
    } catch (error) {
      services.log.error('a schedule could not be looked at', { workflowName: one.workflow.name, error });
    }
  }
  return { examined: scheduled.length, missed };
}

interface Scheduled {
  readonly workflow: Workflow;
  readonly schedule: string;
  readonly organizationId: string;
}

/** True: an occurrence was never started. */
async function judge(
  services: Services,
  { workflow, schedule, organizationId }: Scheduled,
  gaps: readonly Gap[],
): Promise<boolean> {
  const { db } = services.database;
  const now = services.now();
  const key = { organizationId, name: workflow.name };
  if (missingSettings(workflow, services.settings).length > 0) {
    await expectNothing(db, key);
    return false;
  }
  const cron = new Cron(schedule, { timezone: 'UTC', mode: '6-part' });
  const expect = (after: Date) =>
    expectNext(db, { ...key, schedule, nextDueAt: cron.nextRun(after), at: now });
  const expected = await readExpected(db, key);
  if (expected?.schedule !== schedule) {
    await expect(now);
    return false;
  }
  const [dueAt] = cron.previousRuns(1, uptimeAgo(GRACE_MS, now, gaps));
  if (dueAt === undefined || dueAt < expected.nextDueAt) return false;
  const runId = scheduledRunId(workflow.name, dueAt);
  const run = await findWorkflowRun(db, runId, organizationId);
  const reason = `${NEVER_STARTED}: ${whyOf(dueAt, gaps)}`;
  const isMissed =
    run === undefined && (await recordNotStarted(services, workflow, { organizationId, dueAt, reason }));
  await expect(dueAt);
  return isMissed;
}

function whyOf(dueAt: Date, gaps: readonly Gap[]): string {
  const wasDown = gaps.some(({ from, to }) => dueAt >= from && dueAt <= to);
  return wasDown
    ? 'the platform was down when it was due'
    : 'its timer did not tick when it was due, or could not start it';
}
