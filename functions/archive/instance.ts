import { z } from 'zod';
import {
  type InstanceNonces,
  type InstanceVerdict,
  judgeInstance,
} from '../../shared/domain/instanceNonce.ts';
import { raiseAlert, resolveAlert } from '../alerts/index.ts';
import { type Db, json } from '../platform/database/index.ts';
import { runnerDisabled } from '../platform/http/authentication/agentKey.ts';
import { Problem } from '../platform/http/problem.ts';
import { type WriteContext, writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { Agent } from './agent.ts';
import { heartbeatsTogether } from './heartbeatsTogether.ts';
import { findRunner, type HeartbeatSet, type RunnerRow, updateRunner } from './store/runners.ts';

const MAX_ATTEMPTS = 5;

/**
 * Stores a heartbeat under the rules of `judgeInstance`: the live process by one statement; a newcomer, or one
 * of several, by compare-and-set on the runner. Throws `runner-superseded` when the key has lost its runner meanwhile and
 * `instance-cloned` for the younger of several.
 */
export async function storeHeartbeatOf(
  services: Services,
  agent: Agent,
  nonce: string,
  set: HeartbeatSet,
): Promise<RunnerRow> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const runner = await heartbeatsTogether(services).store({ ...agent, nonce, set });
    if (runner !== undefined) return runner;
    const judged = await judgeOther(services, agent, nonce, set);
    if (judged !== undefined) return judged;
  }
  throw new Problem('unavailable', `Runner ${agent.runnerId} is changing hands; send the heartbeat again.`, {
    retryAfterSeconds: 1,
  });
}

/** Undefined: the runner changed meanwhile; look again. */
async function judgeOther(
  services: Services,
  agent: Agent,
  nonce: string,
  set: HeartbeatSet,
): Promise<RunnerRow | undefined> {
  const runner = await currentRunner(services.database.db, agent);
  const context = writeContext(services);
  const verdict = judgeInstance(noncesOf(runner), nonce, {
    sinceTakeoverMs: context.at.getTime() - (runner.instance_seen_at?.getTime() ?? 0),
    graceMs: (services.settings.HEARTBEAT_SECONDS * 1000) / 2,
  });
  switch (verdict.kind) {
    case 'known':
      return undefined;
    case 'late':
      return runner;
    case 'refused':
      throw new Problem(
        'instance-cloned',
        `Another copy of this agent is alive as runner ${runner.id}, and was there first. Stop this one, or enrol it as a runner of its own.`,
      );
    case 'successor':
    case 'cloned':
      return services.database.transaction((tx) => takeOver(tx, { runner, verdict, set }, context));
  }
}

async function takeOver(
  tx: Db,
  change: {
    readonly runner: RunnerRow;
    readonly verdict: Extract<InstanceVerdict, { kind: 'successor' | 'cloned' }>;
    readonly set: HeartbeatSet;
  },
  context: WriteContext,
): Promise<RunnerRow | undefined> {
  const { runner, verdict, set } = change;
  const updated = await updateRunner(tx, runner, {
    ...set,
    ...nonceColumns(verdict.nonces),
    instance_seen_at: context.at,
  });
  if (updated !== undefined && verdict.kind === 'cloned') await reportClone(tx, updated, context);
  return updated;
}

const earlierNonces = z.object({ former: z.array(z.string()), refused: z.array(z.string()) });

function noncesOf(runner: RunnerRow): InstanceNonces {
  const { instance_nonce: instance, previous_nonce: previous, refused_nonce: refused } = runner;
  const earlier = earlierNonces.parse(runner.earlier_nonces_json ?? { former: [], refused: [] });
  return {
    instance,
    former: previous === null ? earlier.former : [previous, ...earlier.former],
    refused: refused === null ? earlier.refused : [refused, ...earlier.refused],
  };
}

function nonceColumns(nonces: InstanceNonces) {
  const [previous = null, ...former] = nonces.former;
  const [refused = null, ...alsoRefused] = nonces.refused;
  return {
    instance_nonce: nonces.instance,
    previous_nonce: previous,
    refused_nonce: refused,
    earlier_nonces_json: json({ former, refused: alsoRefused }),
  };
}

/** A newly approved agent has a key of its own: whoever shared the former one is shut out. */
export async function resolveClone(tx: Db, runner: RunnerRow, context: WriteContext): Promise<void> {
  const { organization_id: organizationId, id } = runner;
  const reason = 'a new agent was approved: the shared key is no longer good';
  await resolveAlert(tx, { organizationId, fingerprint: cloneFingerprint(id), reason }, context);
}

function cloneFingerprint(runnerId: string): string {
  return `instance-cloned:${runnerId}`;
}

async function reportClone(tx: Db, runner: RunnerRow, context: WriteContext): Promise<void> {
  await raiseAlert(
    tx,
    {
      organizationId: runner.organization_id,
      fingerprint: cloneFingerprint(runner.id),
      severity: 'critical',
      class: 'security',
      title: `Two agents are alive as ${runner.name}`,
      detail: `Two processes with the key of runner ${runner.id} send heartbeats: a cloned disk, or a copied key. The younger is refused. Stop it, and enrol it as a runner of its own.`,
      runnerId: runner.id,
      runbook: 'cloned-agent',
    },
    context,
  );
}

/** Looks again, after slow work. Throws `runner-superseded`, and `not-allowed` for a runner that was disabled meanwhile. */
export async function refuseCutOff(db: Db, runner: RunnerRow): Promise<void> {
  const { organization_id: organizationId, id: runnerId, generation } = runner;
  const { status } = await currentRunner(db, { organizationId, runnerId, generation });
  if (status !== 'active') throw runnerDisabled(runnerId);
}

/** The runner that this agent still speaks for. Throws `runner-superseded`. */
export async function currentRunner(db: Db, agent: Omit<Agent, 'kind'>): Promise<RunnerRow> {
  const runner = await findRunner(db, agent.organizationId, agent.runnerId);
  if (runner?.generation !== agent.generation) {
    throw new Problem(
      'runner-superseded',
      `Another agent was approved as runner ${agent.runnerId}; this one must not enrol again by itself.`,
    );
  }
  return runner;
}
