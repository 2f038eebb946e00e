import type { jobGuard } from '../../shared/contract/agents.ts';
import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import { raiseAlert, resolveAlert } from '../alerts/index.ts';
import type { Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { recordStateChange, type WriteContext, writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { Agent } from './agent.ts';
import { recordDecision } from './decision.ts';
import { findJob, type JobRow, updateJobRow } from './store/jobs.ts';

type GuardBody = BodyOf<typeof jobGuard>;
type GuardAnswer = ResponseOf<typeof jobGuard>;

/** How a pause by the guard begins; one that an operator wrote is left alone. */
const GUARD_PREFIX = 'Guard: ';

const MAX_ATTEMPTS = 3;

/**
 * Takes the word of an agent's guard (SPEC F16). `tripped` pauses the job and opens a critical alert; a job that is paused
 * already stays as it is. `well` ends a pause by the guard, no other. Repeating either changes nothing. Throws
 * `not-found` for another runner's job.
 */
export async function takeGuardWord(
  services: Services,
  agent: Agent,
  body: GuardBody,
  correlationId: string,
): Promise<GuardAnswer> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const job = await findJob(services.database.db, agent, body.jobId);
    if (job === undefined)
      throw new Problem('not-found', `Runner ${agent.runnerId} has no job ${body.jobId}.`);
    const pausedReason = pausedAfter(job, body);
    if (pausedReason === job.paused_reason) return answerOf(job);
    const changed = await changePause(services, agent, { job, pausedReason, body, correlationId });
    if (changed !== undefined) return answerOf(changed);
  }
  throw new Problem('conflict', `Job ${body.jobId} changes again and again; say it once more.`);
}

function pausedAfter({ paused_reason: before }: JobRow, { verdict, reason }: GuardBody): string | null {
  if (verdict === 'tripped') return before ?? `${GUARD_PREFIX}${reason}`;
  return before?.startsWith(GUARD_PREFIX) === true ? null : before;
}

function answerOf(job: JobRow): GuardAnswer {
  return { configVersion: job.config_version, pausedReason: job.paused_reason };
}

/** Undefined: a rival changed the job meanwhile. */
async function changePause(
  services: Services,
  agent: Agent,
  change: {
    readonly job: JobRow;
    readonly pausedReason: string | null;
    readonly body: GuardBody;
    readonly correlationId: string;
  },
): Promise<JobRow | undefined> {
  const { job, pausedReason, body, correlationId } = change;
  const context = writeContext(services);
  return services.database.transaction(async (tx) => {
    const set = {
      paused_reason: pausedReason,
      config_version: job.config_version + 1,
      updated_at: context.at,
    };
    const changed = await updateJobRow(tx, job, set);
    if (changed === undefined) return undefined;
    const isPaused = pausedReason !== null;
    const states = { oldState: isPaused ? 'enabled' : 'paused', newState: isPaused ? 'paused' : 'enabled' };
    const subject = { organizationId: job.organization_id, subjectType: 'job', subjectId: job.id } as const;
    await recordStateChange(tx, { ...subject, ...states, reason: body.reason }, context);
    const { organizationId } = agent;
    const decision = { organizationId, actor: agent, correlationId };
    const action = isPaused ? 'job.paused' : 'job.resumed';
    const done = { action, subjectType: 'job', subjectId: job.id, detail: { reason: body.reason } };
    await recordDecision(tx, decision, done, context);
    if (isPaused) await raiseGuardAlert(tx, job, body.reason, context);
    else await resolveGuardAlert(tx, job, body.reason, context);
    return changed;
  });
}

async function raiseGuardAlert(tx: Db, job: JobRow, reason: string, context: WriteContext): Promise<void> {
  await raiseAlert(
    tx,
    {
      organizationId: job.organization_id,
      fingerprint: guardFingerprint(job.id),
      severity: 'critical',
      class: 'operational',
      title: `Job ${job.name} paused itself: its source cannot be trusted`,
      detail: `${reason}. Nothing is archived until it goes on. Look at the source on the instrument PC: is the disk mounted, is it the right folder, was it cleaned on purpose? When it is right as it is, resume the job; when it is again what it was, the job goes on by itself.`,
      runnerId: job.runner_id,
      jobId: job.id,
      causeFingerprint: null,
      runbook: 'source-paused',
    },
    context,
  );
}

/** The pause has ended, whoever ended it. */
export async function resolveGuardAlert(
  tx: Db,
  job: Pick<JobRow, 'id' | 'organization_id'>,
  reason: string,
  context: WriteContext,
): Promise<void> {
  const problem = { organizationId: job.organization_id, fingerprint: guardFingerprint(job.id), reason };
  await resolveAlert(tx, problem, context);
}

function guardFingerprint(jobId: string): string {
  return `source-guard:${jobId}`;
}
