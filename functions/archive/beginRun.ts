import type { beginRun } from '../../shared/contract/agents.ts';
import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import { classifyDatabaseError } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { closeRun, lockRun, SUPERSEDED, writeContext, writeSteps } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { Agent } from './agent.ts';
import { reviveIfStale, whileReviving } from './liveness.ts';
import { fileSyncRunId } from './runId.ts';
import { sealedFoldersOf } from './seals/store.ts';
import { findJob, type JobRow } from './store/jobs.ts';
import { findLiveRun, findRunByCorrelation, insertFileSync } from './store/runs.ts';

type BeginBody = BodyOf<typeof beginRun>;
type BeginAnswer = ResponseOf<typeof beginRun>;

const MAX_ATTEMPTS = 5;
/** Sealed folders that an agent is told of: more than stand on a source that is purged. */
const MAX_SEALED = 5000;

/** The phases of a file sync; all but the first are seeded as pending. */
const firstSteps = [
  { step: 'init', kind: 'init', status: 'complete' },
  { step: 'compare', kind: 'work', status: 'pending' },
  { step: 'upload', kind: 'work', status: 'pending' },
  { step: 'complete', kind: 'work', status: 'pending' },
] as const;

/**
 * Begins a file sync. Idempotent by correlation id: repeating it gives the same run back, whatever its status; one that
 * was taken for dead is live again. A run of the same job under another correlation id is closed as `stale:
 * superseded`, so that a job has one live run. Throws `not-found` for another runner's job, `job-paused`, and
 * `run-superseded` when this run was itself closed for a newer one.
 */
export async function begin(services: Services, agent: Agent, body: BeginBody): Promise<BeginAnswer> {
  const job = await findJob(services.database.db, agent, body.jobId);
  if (job === undefined) {
    throw new Problem('not-found', `Runner ${agent.runnerId} has no job ${body.jobId}.`);
  }
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const resumed = await resume(services, agent, body);
    if (resumed !== undefined) return resumed;
    refusePaused(job);
    const begun = await beginAnew(services, agent, job, body);
    if (begun !== undefined) return begun;
  }
  throw new Problem('unavailable', `Another run of job ${job.id} begins at this moment; begin again.`, {
    retryAfterSeconds: 1,
  });
}

function refusePaused(job: JobRow): void {
  if (!job.enabled)
    throw new Problem('job-paused', `Job ${job.name} is disabled; an operator can enable it.`);
  if (job.paused_reason !== null) {
    throw new Problem('job-paused', `Job ${job.name} is paused: ${job.paused_reason}`);
  }
}

/** The run begun before under this correlation id, live again if it was taken for dead; undefined when there is none. */
async function resume(services: Services, agent: Agent, body: BeginBody): Promise<BeginAnswer | undefined> {
  const known = await findRunByCorrelation(services.database.db, body.correlationId);
  if (known === undefined) return undefined;
  if (known.runner_id !== agent.runnerId || known.job_id !== body.jobId) {
    throw new Problem(
      'invalid-request',
      `Correlation id ${body.correlationId} belongs to another run; mint a new one for each run.`,
      { errors: [{ pointer: '/body/correlationId', message: 'is in use; wanted: a new UUID' }] },
    );
  }
  const context = writeContext(services);
  const run = await whileReviving(services, async (tx) =>
    reviveIfStale(tx, await lockRun(tx, known.id, context), 'its agent began it again', context),
  );
  if (run.status === 'stale' || run.status === 'terminated') {
    throw new Problem(
      'run-superseded',
      `Run ${run.id} is ${run.status} (${run.status_reason ?? 'closed'}); begin a new one.`,
    );
  }
  return {
    runId: run.id,
    resumed: true,
    status: run.status,
    sealedFolders: await sealedFolders(services, body),
  };
}

/** Undefined: a rival was first, with this correlation id or with another run of the job; look again. */
async function beginAnew(
  services: Services,
  agent: Agent,
  job: JobRow,
  body: BeginBody,
): Promise<BeginAnswer | undefined> {
  const context = writeContext(services);
  const runId = fileSyncRunId(context.at, body.correlationId);
  try {
    const begun = await services.database.transaction(async (tx) => {
      const older = await findLiveRun(tx, job.id);
      if (older !== undefined) {
        const closure = {
          runId: older.id,
          version: older.version,
          status: 'stale',
          reason: SUPERSEDED,
        } as const;
        if ((await closeRun(tx, closure, context)) === undefined) return undefined;
      }
      await insertFileSync(tx, {
        id: runId,
        organizationId: agent.organizationId,
        jobId: job.id,
        runnerId: agent.runnerId,
        generation: agent.generation,
        correlationId: body.correlationId,
        triggeredBy: body.trigger,
        at: context.at,
      });
      const run = await writeSteps(tx, runId, firstSteps, context);
      return { runId, resumed: false, status: run.status };
    });
    return begun === undefined ? undefined : { ...begun, sealedFolders: await sealedFolders(services, body) };
  } catch (error) {
    if (classifyDatabaseError(error).kind === 'unique_violation') return undefined;
    throw error;
  }
}

function sealedFolders(services: Services, { jobId }: BeginBody): Promise<BeginAnswer['sealedFolders']> {
  return sealedFoldersOf(services.database.db, jobId, MAX_SEALED);
}
