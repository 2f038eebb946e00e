import type { enrolAgent } from '../../shared/contract/agents.ts';
import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import { type Db, json } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Services } from '../platform/services.ts';
import { refuseUnsupportedVersion } from './agentVersion.ts';
import { organizationOfNewcomer } from './defaultOrganization.ts';
import {
  countPending,
  type EnrolmentRow,
  expirePending,
  findEnrolmentByKey,
  insertEnrolment,
  updateEnrolment,
  whileNoneAsks,
} from './store/enrolments.ts';
import { findRunner } from './store/runners.ts';

export type EnrolmentRequest = BodyOf<typeof enrolAgent>;
type EnrolmentAnswer = ResponseOf<typeof enrolAgent>;

/** How soon an agent that waits asks again. */
const POLL_SECONDS = 5;
const HOUR_MS = 3_600_000;

/**
 * Registers an agent, or says how its registration stands. Idempotent by the key's hash: however often and however
 * concurrently it is sent, there is one row a key. A row that ran out becomes pending again when its agent asks again;
 * the queue is bounded by `PENDING_AGENTS_MAX`.
 */
export async function enrol(
  services: Services,
  request: EnrolmentRequest,
  address: string,
): Promise<EnrolmentAnswer> {
  refuseUnsupportedVersion(request.agentVersion);
  const known = await findEnrolmentByKey(services.database.db, request.keyHash);
  if (known !== undefined && isDecided(known)) return answerOf(known);
  return joinQueue(services, request, address);
}

function isDecided({ status }: EnrolmentRow): boolean {
  return status === 'approved' || status === 'rejected' || status === 'superseded';
}

/**
 * One at a time joins the queue or stays in it, so that its bound holds against any number of callers and the same
 * request sent many times at once meets no rival.
 */
async function joinQueue(
  services: Services,
  request: EnrolmentRequest,
  address: string,
): Promise<EnrolmentAnswer> {
  return services.database.transaction((db) =>
    whileNoneAsks(db, async (tx) => {
      const known = await findEnrolmentByKey(tx, request.keyHash);
      if (known === undefined) return queueAnew(services, tx, request, address);
      return isDecided(known) ? answerOf(known) : stayPending(services, tx, known, request, address);
    }),
  );
}

async function stayPending(
  services: Services,
  tx: Db,
  known: EnrolmentRow,
  request: EnrolmentRequest,
  address: string,
): Promise<EnrolmentAnswer> {
  const hasRunOut = known.status === 'expired' || known.expires_at <= services.now();
  if (hasRunOut) await refuseFullQueue(services, tx, known.organization_id);
  const facts = await factsOf(services, tx, known.organization_id, request, address);
  const row = await updateEnrolment(tx, known, { ...facts, status: 'pending' });
  if (row !== undefined) return answerOf(row);
  throw new Problem('unavailable', 'This enrolment is being decided; ask again.', {
    retryAfterSeconds: POLL_SECONDS,
  });
}

async function queueAnew(
  services: Services,
  tx: Db,
  request: EnrolmentRequest,
  address: string,
): Promise<EnrolmentAnswer> {
  const organizationId = await organizationOfNewcomer(tx, request.runnerId);
  await refuseFullQueue(services, tx, organizationId);
  const row = {
    id: services.newId(),
    organization_id: organizationId,
    key_hash: request.keyHash,
    runner_id: null,
    ...(await factsOf(services, tx, organizationId, request, address)),
    status: 'pending' as const,
    created_at: services.now(),
    decided_at: null,
    decided_by: null,
    version: 1,
  };
  await insertEnrolment(tx, row);
  return answerOf(row);
}

async function refuseFullQueue(services: Services, tx: Db, organizationId: string): Promise<void> {
  const bound = services.settings.PENDING_AGENTS_MAX;
  await expirePending(tx, services.now());
  if ((await countPending(tx, organizationId)) < bound) return;
  throw new Problem(
    'too-many-pending',
    `${String(bound)} agents wait for approval already; an operator has to decide on some of them first.`,
    { retryAfterSeconds: 60 },
  );
}

/** What may change while an agent waits. */
async function factsOf(
  services: Services,
  db: Db,
  organizationId: string,
  request: EnrolmentRequest,
  address: string,
) {
  const now = services.now();
  const replaced =
    request.runnerId === undefined ? undefined : await findRunner(db, organizationId, request.runnerId);
  return {
    pairing_code: request.pairingCode,
    requested_runner_id: request.runnerId ?? null,
    replaces_runner_id: replaced?.id ?? null,
    host_name: request.hostName,
    platform: request.platform,
    time_zone: request.timeZone,
    agent_version: request.agentVersion,
    address,
    proposed_jobs_json: json(request.jobs),
    last_seen_at: now,
    expires_at: new Date(now.getTime() + services.settings.PENDING_AGENT_HOURS * HOUR_MS),
  };
}

/** Throws `runner-superseded` where another agent took this one's place. */
function answerOf(row: Pick<EnrolmentRow, 'id' | 'status' | 'runner_id'>): EnrolmentAnswer {
  if (row.status === 'superseded') {
    throw new Problem(
      'runner-superseded',
      `Another agent was approved as runner ${row.runner_id ?? 'of this name'}; this one must not enrol again by itself.`,
    );
  }
  return { enrolmentId: row.id, status: row.status, runnerId: row.runner_id, pollSeconds: POLL_SECONDS };
}
