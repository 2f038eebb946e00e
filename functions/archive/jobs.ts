import type { createJob, updateJob } from '../../shared/contract/fleet.ts';
import type { BodyOf } from '../../shared/contract/endpoint.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { classifyDatabaseError, json, withLock } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { actorName, type Decision, recordDecision } from './decision.ts';
import { jobRow, MAX_JOBS_A_RUNNER, nameKey, newJobId, sharePathsOf } from './proposedJobs.ts';
import { resolveGuardAlert } from './sourceGuard.ts';
import { findOpenCommand, insertCommand } from './store/commands.ts';
import { findJob, insertJob, type JobRow, jobsOfRunner, updateJobRow } from './store/jobs.ts';
import { findRunner } from './store/runners.ts';

export interface JobDecision extends Decision {
  readonly runnerId: string;
  readonly jobId: string;
}

type JobChange = BodyOf<typeof updateJob>;
type NewJob = BodyOf<typeof createJob>;

/**
 * Changes a job's configuration; its agent hears of it with the next heartbeat, as `config_version` rises. A change
 * that changes nothing leaves it alone. Throws `not-found`, or `conflict` when somebody else changed it meanwhile.
 */
export async function changeJob(services: Services, decision: JobDecision, change: JobChange): Promise<void> {
  const job = await ownedJob(services, decision);
  const set = changedColumns(job, change);
  if (Object.keys(set).length === 0) return;
  const context = writeContext(services);
  await services.database.transaction(async (tx) => {
    const next = { ...set, config_version: job.config_version + 1, updated_at: context.at };
    if ((await updateJobRow(tx, job, next)) === undefined) {
      throw new Problem('conflict', `Job ${job.id} was changed by somebody else just now; look again.`);
    }
    if (set.paused_reason === null) await resolveGuardAlert(tx, job, 'an operator resumed the job', context);
    const detail = { change, configVersion: job.config_version + 1 };
    const done = { action: 'job.updated', subjectType: 'job', subjectId: job.id, detail };
    await recordDecision(tx, decision, done, context);
  });
}

/** The columns whose value the change makes another. */
export function changedColumns(job: JobRow, change: JobChange): Parameters<typeof updateJobRow>[2] {
  const { enabled, scheduleSeconds, include, exclude, sourceCap, pausedReason } = change;
  const isOther = (stored: unknown, wanted: unknown) =>
    wanted !== undefined && JSON.stringify(stored) !== JSON.stringify(wanted);
  return {
    ...(isOther(job.enabled, enabled) ? { enabled } : {}),
    ...(isOther(job.schedule_seconds, scheduleSeconds) ? { schedule_seconds: scheduleSeconds } : {}),
    ...(isOther(job.include_json, include) ? { include_json: json(include) } : {}),
    ...(isOther(job.exclude_json, exclude) ? { exclude_json: json(exclude) } : {}),
    ...(isOther(job.source_cap, sourceCap) ? { source_cap: sourceCap } : {}),
    ...(isOther(job.paused_reason, pausedReason) ? { paused_reason: pausedReason } : {}),
  };
}

/**
 * Adds a job to a runner, on the runner's share; its agent hears of it with the next heartbeat. Throws `not-found`, or
 * `conflict` when the runner has a job of that name or one that archives to the same place.
 */
export async function addJob(
  services: Services,
  decision: Decision & { readonly runnerId: string },
  wanted: NewJob,
): Promise<string> {
  const { runnerId } = decision;
  const runner = await findRunner(services.database.db, decision.organizationId, runnerId);
  if (runner === undefined) throw new Problem('not-found', `There is no runner ${runnerId}.`);
  const context = writeContext(services);
  const name = wanted.name.trim();
  try {
    return await services.database.transaction((db) =>
      withLock(db, `jobs of ${runnerId}`, async (tx) => {
        const existing = await jobsOfRunner(tx, runnerId);
        refuseTooMany(existing.length, runnerId);
        refuseTwin(existing, { ...wanted, name }, runner.share_name);
        const jobId = newJobId(runnerId, name, new Set(existing.map((job) => job.id)), context);
        await insertJob(tx, jobRow(runner, { ...wanted, name }, jobId, context.at));
        const done = {
          action: 'job.created',
          subjectType: 'job',
          subjectId: jobId,
          detail: { ...wanted, runnerId },
        };
        await recordDecision(tx, decision, done, context);
        return jobId;
      }),
    );
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem('conflict', `Runner ${runnerId} got a job of this name from somebody else just now.`, {
      cause,
    });
  }
}

export function refuseTooMany(count: number, runnerId: string): void {
  if (count < MAX_JOBS_A_RUNNER) return;
  throw new Problem(
    'conflict',
    `Runner ${runnerId} has ${String(count)} jobs; wanted: at most ${String(MAX_JOBS_A_RUNNER)}.`,
  );
}

export function refuseTwin(existing: readonly JobRow[], wanted: NewJob, shareName: string): void {
  if (wanted.name === '' || existing.some((job) => nameKey(job.name) === nameKey(wanted.name))) {
    throw new Problem(
      'conflict',
      `This runner has a job called “${wanted.name}” already; wanted: another name.`,
    );
  }
  if (sharePathsOf(existing, shareName).has(foldPath(wanted.sharePath))) {
    throw new Problem(
      'conflict',
      `Another job of this runner archives to /${wanted.sharePath} of its share already; wanted: a share path of its own.`,
    );
  }
}

/**
 * Asks the agent to sync a job now; it hears of it with its next heartbeat. While such an order is open, asking again
 * gives the same one. Throws `not-found`, and `job-paused` for a job that its agent would not sync.
 */
export async function orderSync(services: Services, decision: JobDecision): Promise<string> {
  const job = await ownedJob(services, decision);
  if (!job.enabled) throw new Problem('job-paused', `Job ${job.name} is disabled; enable it first.`);
  if (job.paused_reason !== null) {
    throw new Problem('job-paused', `Job ${job.name} is paused: ${job.paused_reason}`);
  }
  const context = writeContext(services);
  const wanted = { runnerId: decision.runnerId, jobId: job.id, kind: 'sync_now' };
  return services.database.transaction((db) =>
    withLock(db, `sync now ${job.id}`, async (tx) => {
      const open = await findOpenCommand(tx, wanted);
      if (open !== undefined) return open.id;
      const commandId = context.newId();
      await insertCommand(tx, {
        ...wanted,
        id: commandId,
        requestedBy: actorName(decision.actor),
        at: context.at,
      });
      const done = {
        action: 'job.sync_ordered',
        subjectType: 'job',
        subjectId: job.id,
        detail: { commandId },
      };
      await recordDecision(tx, decision, done, context);
      return commandId;
    }),
  );
}

async function ownedJob(services: Services, decision: JobDecision): Promise<JobRow> {
  const job = await findJob(services.database.db, decision, decision.jobId);
  if (job === undefined) {
    throw new Problem('not-found', `Runner ${decision.runnerId} has no job ${decision.jobId}.`);
  }
  return job;
}
