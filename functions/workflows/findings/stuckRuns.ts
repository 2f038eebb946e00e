import { ageText } from '../../../shared/domain/age.ts';
import { type Gap, silenceMs } from '../../../shared/domain/downtime.ts';
import { latestStep } from '../../../shared/domain/runStatus.ts';
import type { Finding } from '../../alerts/index.ts';
import { stepsOf } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { findWorkflow, type Workflows } from '../registry.ts';
import { pageOfRun } from './runText.ts';
import { type LiveRun, readLiveRuns, runningSince } from './store.ts';

const MINUTE_MS = 60_000;
/** As long as it fails again and again, a retry may still mend it: five attempts take six minutes. */
const REPEATING_MS = 10 * MINUTE_MS;
const REPEATED = 3;
/** Longer than any activity that says nothing of its own time. */
const NO_PROGRESS_MS = 30 * MINUTE_MS;

/** Runs that exceed the time that their workflow expects, or repeat themselves without getting on (SPEC W8), with their last step. */
export async function findStuckRuns(
  services: Services,
  workflows: Workflows,
  gaps: readonly Gap[],
): Promise<{ readonly examined: number; readonly findings: Finding[] }> {
  const runs = await readLiveRuns(services.database.db);
  const findings: Finding[] = [];
  for (const run of runs) {
    try {
      const why = await whyStuck(services, workflows, run, gaps);
      if (why !== undefined) findings.push(await findingOf(services, run, why));
    } catch (error) {
      // One bad row never stops the loop.
      services.log.error('a run could not be looked at', { workflowId: run.id, error });
    }
  }
  return { examined: runs.length, findings };
}

async function whyStuck(
  services: Services,
  workflows: Workflows,
  run: LiveRun,
  gaps: readonly Gap[],
): Promise<string | undefined> {
  const now = services.now();
  const progressAt = run.progress_at ?? run.started_at;
  const idleMs = silenceMs(progressAt, now, gaps);
  const isRepeating = run.slice_attempts >= REPEATED && idleMs > REPEATING_MS;
  // Nobody holds one that sleeps, or was told to come back later.
  if (isRepeating || (run.is_leased === 1 && idleMs > NO_PROGRESS_MS))
    return `it works, but has not got on for ${ageText(idleMs)}`;
  const expectedMs = (findWorkflow(workflows, run.sync_type)?.expectedMinutes ?? Infinity) * MINUTE_MS;
  if (silenceMs(run.started_at, now, gaps) <= expectedMs) return undefined;
  const runningMs = silenceMs(await runningSince(services.database.db, run), now, gaps);
  return runningMs <= expectedMs
    ? undefined
    : `it has run for ${ageText(runningMs)}, where ${ageText(expectedMs)} are expected`;
}

async function findingOf(services: Services, run: LiveRun, why: string): Promise<Finding> {
  const steps = await stepsOf(services.database.db, run);
  const last = latestStep(steps.filter(({ kind }) => kind === 'work'));
  const at = last === undefined ? 'no step has begun' : `last step ${last.step} (${last.status})`;
  const error = last?.error ?? null;
  return {
    organizationId: run.organization_id,
    fingerprint: `run-stuck:${run.id}`,
    severity: 'critical',
    class: 'operational',
    title: `${run.sync_type} is stuck`,
    detail: `Run ${run.id}: ${why}; ${at}${error === null ? '' : `: ${error.slice(0, 600)}`}. Look at its log, then pause, or terminate and start it anew: ${pageOfRun(services, run.id)}`,
    runbook: 'workflow-stuck',
    facts: { runId: run.id, step: last?.step ?? null, attempts: run.slice_attempts },
  };
}
