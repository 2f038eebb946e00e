import { firstFree, MAX_SHARE_NAME_LENGTH, shareNameOf, slugOf } from '../../shared/domain/runnerNames.ts';
import { classifyDatabaseError, type Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { recordStateChange, writeContext, type WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { actorName, type Decision, recordDecision } from './decision.ts';
import {
  type EnrolmentRow,
  findEnrolment,
  supersedeEarlier,
  updateEnrolment,
  whileNoneAsks,
} from './store/enrolments.ts';
import { findRunner, insertRunner, type RunnerRow, takenRunnerNames, updateRunner } from './store/runners.ts';
import { resolveClone } from './instance.ts';
import { createProposedJobs } from './proposedJobs.ts';
import { oweRevocations, revokeOwed } from './revocations.ts';
import type { RevocationRow } from './store/revocations.ts';

interface Shown {
  readonly pairingCode: string;
  readonly requestedRunnerId: string | null;
  /** The runner whose agent would lose its place. */
  readonly replaces: string | null;
}

export interface Approval extends Decision {
  readonly enrolmentId: string;
  /** Pair with this runner; absent: the one that the agent asks for, or a new one. */
  readonly runnerId?: string | undefined;
  readonly name?: string | undefined;
  /** What the operator has seen; absent, as scripts may leave it: whatever the agent asks for now. */
  readonly shown?: Shown | undefined;
  /** Only for a seeded runner that never had an agent: nobody may lose a place by it. */
  readonly onlyVacant?: boolean;
}

/** The runner that an approval makes or takes over. */
interface Target {
  readonly runnerId: string;
  readonly shareName: string;
  /** As read when the approval was decided; absent: a new runner. */
  readonly existing: RunnerRow | undefined;
}

const MAX_RUNNER_ID_LENGTH = 60;

/**
 * Lets an agent in. One transaction while no agent asks, and by compare-and-set on the runner: of two operators one is
 * told `already-decided`. An existing runner keeps its jobs and its state index; its generation rises and its former
 * agent's key and credentials end. Throws `not-found`, `already-decided`, or `conflict` when the runner, or what the agent
 * asks for, changed meanwhile.
 */
export async function approveEnrolment(
  services: Services,
  approval: Approval,
): Promise<{ runnerId: string; generation: number }> {
  const { db } = services.database;
  const enrolment = await pendingEnrolment(db, approval, services.now());
  const target = await chooseTarget(db, enrolment, approval);
  refuseUnseen(approval, enrolment, target);
  await prepareShare(services, target.shareName);
  const { runner, owed } = await storeApproval(services, { approval, enrolment, target });
  for (const revocation of owed) await revokeOwed(services, revocation);
  return { runnerId: runner.id, generation: runner.generation };
}

export async function rejectEnrolment(
  services: Services,
  rejection: Decision & { readonly enrolmentId: string; readonly reason?: string | undefined },
): Promise<void> {
  const context = writeContext(services);
  await services.database.transaction((db) =>
    whileNoneAsks(db, async (tx) => {
      const enrolment = await pendingEnrolment(tx, rejection, context.at);
      const set = {
        status: 'rejected',
        decided_at: context.at,
        decided_by: actorName(rejection.actor),
      } as const;
      if ((await updateEnrolment(tx, enrolment, set)) === undefined) throw alreadyDecided(enrolment.id);
      await recordDecision(
        tx,
        rejection,
        {
          action: 'enrolment.rejected',
          subjectType: 'enrolment',
          subjectId: enrolment.id,
          detail: { hostName: enrolment.host_name, reason: rejection.reason ?? null },
        },
        context,
      );
    }),
  );
}

async function pendingEnrolment(
  db: Db,
  decision: { readonly organizationId: string; readonly enrolmentId: string },
  now: Date,
): Promise<EnrolmentRow> {
  const { organizationId, enrolmentId } = decision;
  const enrolment = await findEnrolment(db, organizationId, enrolmentId);
  if (enrolment === undefined) throw new Problem('not-found', `There is no agent request ${enrolmentId}.`);
  if (enrolment.status !== 'pending') throw alreadyDecided(enrolmentId, enrolment.status);
  if (enrolment.expires_at <= now) throw alreadyDecided(enrolmentId, 'expired');
  return enrolment;
}

/** The request as it is by now: its agent, which asks every few seconds, has done so while the share was made. */
async function stillPending(tx: Db, { approval, enrolment }: Decided, now: Date): Promise<EnrolmentRow> {
  const current = await pendingEnrolment(tx, approval, now);
  const asksTheSame =
    current.pairing_code === enrolment.pairing_code &&
    current.requested_runner_id === enrolment.requested_runner_id;
  if (asksTheSame) return current;
  throw asksOtherwise(enrolment.id);
}

/** A stolen PC with the right code could ask for another's place between the look and the click. */
function refuseUnseen({ shown, runnerId }: Approval, enrolment: EnrolmentRow, { existing }: Target): void {
  if (shown === undefined) return;
  const replaces = existing !== undefined && existing.key_hash !== null ? existing.id : null;
  const isSeen =
    shown.pairingCode === enrolment.pairing_code &&
    shown.requestedRunnerId === enrolment.requested_runner_id &&
    // Whom to pair with, the operator says.
    (runnerId !== undefined || shown.replaces === replaces);
  if (!isSeen) throw asksOtherwise(enrolment.id);
}

function asksOtherwise(enrolmentId: string): Problem {
  return new Problem(
    'conflict',
    `The agent of request ${enrolmentId} asks for something else now; look again.`,
  );
}

function alreadyDecided(enrolmentId: string, status = 'decided just now'): Problem {
  const hint = status === 'expired' ? ' It shows up again when its agent asks again.' : '';
  return new Problem('already-decided', `Agent request ${enrolmentId} is ${status}; wanted: pending.${hint}`);
}

async function chooseTarget(db: Db, enrolment: EnrolmentRow, approval: Approval): Promise<Target> {
  const wanted = approval.runnerId ?? enrolment.requested_runner_id;
  const existing = wanted === null ? undefined : await findRunner(db, approval.organizationId, wanted);
  if (approval.onlyVacant === true && existing?.key_hash !== null) {
    throw new Problem('conflict', `No seeded runner waits for the agent ${enrolment.host_name}.`);
  }
  if (existing !== undefined) return { runnerId: existing.id, shareName: existing.share_name, existing };
  if (approval.runnerId !== undefined) {
    throw new Problem('not-found', `There is no runner ${approval.runnerId} to pair this agent with.`);
  }
  const taken = await takenRunnerNames(db);
  // An id that the agent asked for and another organization has is given out with a number, like any other.
  const base = wanted ?? slugOf(enrolment.host_name, MAX_RUNNER_ID_LENGTH, 'runner');
  const runnerId = firstFree(base, Math.max(base.length, MAX_RUNNER_ID_LENGTH), (id) => taken.ids.has(id));
  const shareName = firstFree(shareNameOf(runnerId), MAX_SHARE_NAME_LENGTH, (name) => taken.shares.has(name));
  return { runnerId, shareName, existing: undefined };
}

/** Slow I/O stays before the transaction. A share that cannot be made now is made when its first credential is issued. */
async function prepareShare(services: Services, shareName: string): Promise<void> {
  try {
    await services.shares.ensureShare(shareName);
  } catch (error) {
    services.log.warn('share could not be made at approval; the first heartbeat tries again', {
      shareName,
      error,
    });
  }
}

interface Stored {
  readonly runner: RunnerRow;
  /** The former agent's credentials, where there was one. */
  readonly owed: readonly RevocationRow[];
}

interface Decided {
  readonly approval: Approval;
  readonly enrolment: EnrolmentRow;
  readonly target: Target;
}

async function storeApproval(services: Services, decided: Decided): Promise<Stored> {
  const context = writeContext(services);
  try {
    return await services.database.transaction((db) =>
      whileNoneAsks(db, async (tx) => {
        const enrolment = await stillPending(tx, decided, context.at);
        return storeAll(tx, { ...decided, enrolment }, context);
      }),
    );
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem(
      'conflict',
      `Runner ${decided.target.runnerId} was made by somebody else just now; try again.`,
      {
        cause,
      },
    );
  }
}

async function storeAll(
  tx: Db,
  { approval, enrolment, target }: Decided,
  context: WriteContext,
): Promise<Stored> {
  const decidedBy = actorName(approval.actor);
  const set = {
    status: 'approved',
    runner_id: target.runnerId,
    decided_at: context.at,
    decided_by: decidedBy,
  } as const;
  if ((await updateEnrolment(tx, enrolment, set)) === undefined) throw alreadyDecided(enrolment.id);
  const runner =
    target.existing === undefined
      ? await addRunner(tx, { approval, enrolment, target }, context)
      : await takeOverRunner(tx, target.existing, { approval, enrolment }, context);
  await supersedeEarlier(tx, runner.id, enrolment.id);
  const jobs = await createProposedJobs(tx, runner, enrolment.proposed_jobs_json, context);
  const reason = `agent ${enrolment.pairing_code} on ${enrolment.host_name} approved by ${decidedBy}`;
  await recordStateChange(
    tx,
    {
      organizationId: runner.organization_id,
      subjectType: 'runner',
      subjectId: runner.id,
      oldState: target.existing === undefined ? null : `generation ${String(target.existing.generation)}`,
      newState: `generation ${String(runner.generation)}`,
      reason,
    },
    context,
  );
  const detail = {
    hostName: enrolment.host_name,
    address: enrolment.address,
    generation: runner.generation,
    jobs,
  };
  const done = { action: 'runner.approved', subjectType: 'runner', subjectId: runner.id, detail };
  await recordDecision(tx, approval, done, context);
  const isReplaced = target.existing !== undefined && target.existing.key_hash !== null;
  return { runner, owed: isReplaced ? await oweRevocations(tx, runner, context) : [] };
}

/** What an approval sets on a runner, new or not: the agent's key, and no memory of the former agent's processes. */
function agentFacts(enrolment: EnrolmentRow, at: Date) {
  return {
    host_name: enrolment.host_name,
    platform: enrolment.platform,
    time_zone: enrolment.time_zone,
    status: 'active',
    key_hash: enrolment.key_hash,
    key_slot: enrolment.key_hash,
    agent_version: enrolment.agent_version,
    address: enrolment.address,
    instance_nonce: null,
    previous_nonce: null,
    refused_nonce: null,
    earlier_nonces_json: null,
    instance_seen_at: null,
    credential_expires_at: null,
    updated_at: at,
  } as const;
}

async function addRunner(
  tx: Db,
  { approval, enrolment, target }: Decided,
  context: WriteContext,
): Promise<RunnerRow> {
  const row: RunnerRow = {
    ...agentFacts(enrolment, context.at),
    id: target.runnerId,
    organization_id: approval.organizationId,
    group_id: null,
    name: approval.name ?? enrolment.host_name,
    generation: 1,
    share_name: target.shareName,
    last_heartbeat: null,
    active_jobs: null,
    azure_files_status: null,
    clock_offset_ms: null,
    heartbeat_json: null,
    version: 1,
    created_at: context.at,
  };
  await insertRunner(tx, { ...row, heartbeat_json: null, earlier_nonces_json: null });
  return row;
}

async function takeOverRunner(
  tx: Db,
  existing: RunnerRow,
  { approval, enrolment }: Pick<Decided, 'approval' | 'enrolment'>,
  context: WriteContext,
): Promise<RunnerRow> {
  const runner = await updateRunner(tx, existing, {
    ...agentFacts(enrolment, context.at),
    name: approval.name ?? existing.name,
    generation: existing.generation + 1,
  });
  if (runner === undefined) {
    throw new Problem('conflict', `Runner ${existing.id} was changed by somebody else just now; look again.`);
  }
  await resolveClone(tx, runner, context);
  return runner;
}
