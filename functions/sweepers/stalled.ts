import { ageText } from '../../shared/domain/age.ts';
import { type Gap, silenceMs } from '../../shared/domain/downtime.ts';
import { presenceOf } from '../../shared/domain/presence.ts';
import { type Finding, reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { platformDowntime, settlingSince } from './platformDowntime.ts';
import { type EnabledJob, jobsThatArchived, readEnabledJobs } from './stores/jobs.ts';
import { silentStretches } from './stores/silences.ts';

const HOUR_MS = 3_600_000;
const LEAST_PATIENCE_MS = 4 * HOUR_MS;
const LOOK_BACK_MS = 30 * 24 * HOUR_MS;
/** A run that archived a file within this is long, not stalled. */
const PROGRESS_MS = 30 * 60_000;
const SOURCE = 'sweep-stalled';

/**
 * Finds jobs without a finished run for over four hours, or twice their schedule if that is longer, while their runner
 * heartbeats (SPEC S6). The platform's downtime and the runner's own silences are left out; a run that archives is long, not
 * stalled; a paused job is another matter. Of a silent runner's job nobody can know: its finding stays as it is.
 */
export const stalledTimer: TimerHandler = {
  name: SOURCE,
  schedule: '20 */5 * * * *',
  plausibleIdleHours: 7 * 24,
  work: sweepStalled,
};

export async function sweepStalled(services: Services): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const jobs = (await readEnabledJobs(db)).filter((job) => job.paused_reason === null);
  const present = jobs.filter((job) => presenceOf(job.last_heartbeat, now) === 'online');
  const gaps = await platformDowntime(services, now);
  const settling = settlingSince(gaps, now) !== undefined;
  const findings = settling ? [] : await findStalled(services, present, gaps, now);
  const undecided = settling ? jobs : jobs.filter((job) => !present.includes(job));
  const { opened, reopened, resolved } = await reconcileFindings(services, {
    source: SOURCE,
    findings,
    undecided: undecided.map(({ id }) => fingerprintOf(id)),
    at: now,
  });
  return { examined: present.length, changed: opened + reopened + resolved };
}

async function findStalled(
  services: Services,
  jobs: readonly EnabledJob[],
  gaps: readonly Gap[],
  now: Date,
): Promise<Finding[]> {
  const { db } = services.database;
  const since = new Date(now.getTime() - LOOK_BACK_MS);
  const silences = await silentStretches(db, since);
  const late = jobs.flatMap((job) => {
    const idleMs = silenceMs(sinceOf(job), now, merged([...gaps, ...(silences.get(job.runner_id) ?? [])]));
    return idleMs > patienceOf(job) ? [{ job, idleMs }] : [];
  });
  const runIds = late.flatMap(({ job }) => (job.latest_run_id === null ? [] : [job.latest_run_id]));
  const working = await jobsThatArchived(db, runIds, new Date(now.getTime() - PROGRESS_MS));
  return late.filter(({ job }) => !working.has(job.id)).map(({ job, idleMs }) => findingOf(job, idleMs));
}

/** A job that an operator has just changed (enabled, resumed) begins anew. */
function sinceOf(job: EnabledJob): Date {
  const finished = job.last_finished_at?.getTime() ?? 0;
  return new Date(Math.max(finished, job.created_at.getTime(), job.updated_at.getTime()));
}

function patienceOf({ schedule_seconds: seconds }: EnabledJob): number {
  return Math.max(LEAST_PATIENCE_MS, 2 * seconds * 1000);
}

/** Stretches that overlap count once. */
function merged(stretches: readonly Gap[]): Gap[] {
  const result: Gap[] = [];
  for (const next of stretches.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = result.at(-1);
    if (last === undefined || next.from.getTime() > last.to.getTime()) result.push(next);
    else if (next.to.getTime() > last.to.getTime()) result.splice(-1, 1, { from: last.from, to: next.to });
  }
  return result;
}

const fingerprintOf = (jobId: string): string => `sync-stalled:${jobId}`;

function findingOf(job: EnabledJob, idleMs: number): Finding {
  const last = job.last_finished_at === null ? 'no run has finished yet' : 'no run has finished since';
  return {
    organizationId: job.organization_id,
    fingerprint: fingerprintOf(job.id),
    severity: 'warning',
    class: 'operational',
    title: `${job.runner_name}: ${job.name} is stalled`,
    detail: `Its runner heartbeats, but for ${ageText(idleMs)} ${last}. Look at the newest run and at the agent's log, then restart the agent.`,
    runnerId: job.runner_id,
    jobId: job.id,
    runbook: 'sync-stalled',
    facts: { idleMinutes: Math.floor(idleMs / 60_000) },
  };
}
