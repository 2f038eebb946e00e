import type { BodyOf } from '../../shared/contract/endpoint.ts';
import type { updateRunner as endpoint } from '../../shared/contract/fleet.ts';
import type { Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { recordStateChange, writeContext, type WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { actorName, type Decision, recordDecision } from './decision.ts';
import { oweRevocations, revokeOwed } from './revocations.ts';
import { groupNamed } from './store/groups.ts';
import { findRunner, type RunnerRow, updateRunner } from './store/runners.ts';

export interface RunnerDecision extends Decision {
  readonly runnerId: string;
}

type RunnerChange = BodyOf<typeof endpoint>;

/**
 * Renames a runner, puts it into a group, disables or enables it. A disabled runner's key is refused from the next
 * request on, and its credentials end; its rows, index and share stay. Throws `not-found`, or `conflict` when somebody
 * else changed it meanwhile.
 */
export async function changeRunner(
  services: Services,
  decision: RunnerDecision,
  change: RunnerChange,
): Promise<void> {
  const context = writeContext(services);
  const owed = await services.database.transaction(async (tx) => {
    const runner = await findRunner(tx, decision.organizationId, decision.runnerId);
    if (runner === undefined) throw new Problem('not-found', `There is no runner ${decision.runnerId}.`);
    const set = await changedColumns(tx, runner, change, context);
    if (Object.keys(set).length === 0) return [];
    if ((await updateRunner(tx, runner, { ...set, updated_at: context.at })) === undefined) {
      throw new Problem('conflict', `Runner ${runner.id} was changed by somebody else just now; look again.`);
    }
    if (set.status !== undefined) await recordStatus(tx, runner, set.status, decision, context);
    const done = { action: 'runner.updated', subjectType: 'runner', subjectId: runner.id, detail: change };
    await recordDecision(tx, decision, done, context);
    return set.status === 'disabled' ? oweRevocations(tx, runner, context) : [];
  });
  for (const revocation of owed) await revokeOwed(services, revocation);
}

/** The columns whose value the change makes another. */
export async function changedColumns(
  tx: Db,
  runner: RunnerRow,
  change: RunnerChange,
  context: WriteContext,
): Promise<{ name?: string; group_id?: string | null; status?: RunnerRow['status'] }> {
  const name = change.name?.trim() ?? '';
  const groupId =
    typeof change.group === 'string'
      ? (await groupNamed(tx, runner.organization_id, change.group, context)).id
      : change.group;
  return {
    ...(name === '' || name === runner.name ? {} : { name }),
    ...(groupId === undefined || groupId === runner.group_id ? {} : { group_id: groupId }),
    ...(change.status === undefined || change.status === runner.status ? {} : { status: change.status }),
  };
}

async function recordStatus(
  tx: Db,
  runner: RunnerRow,
  status: RunnerRow['status'],
  decision: Decision,
  context: WriteContext,
): Promise<void> {
  const { id, organization_id: organizationId } = runner;
  const reason = `by ${actorName(decision.actor)}`;
  const change = { subjectType: 'runner', subjectId: id, oldState: runner.status, newState: status } as const;
  await recordStateChange(tx, { organizationId, ...change, reason }, context);
}
