import type { SeedChange, SeededRunner } from '../../../shared/contract/seeding.ts';
import { firstFree, MAX_SHARE_NAME_LENGTH, shareNameOf } from '../../../shared/domain/runnerNames.ts';
import type { Db } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { recordStateChange, type WriteContext } from '../../platform/runs/index.ts';
import { changedColumns } from '../runnerChange.ts';
import { groupNamed } from '../store/groups.ts';
import {
  findRunner,
  insertRunner,
  type RunnerRow,
  takenRunnerNames,
  updateRunner,
} from '../store/runners.ts';

interface Seeded {
  readonly runner: RunnerRow;
  readonly changes: readonly SeedChange[];
}

/**
 * The runner that the file names, made or set to what it says. A new one waits for its agent: without a key, nobody can
 * speak for it. Throws `conflict` for what cannot be so.
 */
export async function seedRunner(
  tx: Db,
  organizationId: string,
  wanted: SeededRunner,
  context: WriteContext,
): Promise<Seeded> {
  const group = await groupOf(tx, organizationId, wanted, context);
  const existing = await findRunner(tx, organizationId, wanted.runnerId);
  const own =
    existing === undefined
      ? await addRunner(tx, organizationId, wanted, group.id, context)
      : await setRunner(tx, existing, wanted, context);
  return { runner: own.runner, changes: [...group.changes, ...own.changes] };
}

async function groupOf(
  tx: Db,
  organizationId: string,
  { group: name }: SeededRunner,
  context: WriteContext,
): Promise<{ readonly id: string | null; readonly changes: readonly SeedChange[] }> {
  if (name === undefined || name === null) return { id: null, changes: [] };
  const { id, isNew } = await groupNamed(tx, organizationId, name, context);
  return {
    id,
    changes: isNew ? [{ kind: 'group', subject: name.trim(), change: 'created', fields: [] }] : [],
  };
}

async function setRunner(
  tx: Db,
  existing: RunnerRow,
  wanted: SeededRunner,
  context: WriteContext,
): Promise<Seeded> {
  if (wanted.shareName !== undefined && wanted.shareName !== existing.share_name) {
    throw new Problem(
      'conflict',
      `Runner ${existing.id} archives to the share ${existing.share_name}; the file says ${wanted.shareName}. What is archived stays where it is: name the share that it has.`,
    );
  }
  const set = await changedColumns(tx, existing, { name: wanted.name, group: wanted.group }, context);
  const fields = Object.keys(set).map((column) => (column === 'group_id' ? 'group' : column));
  if (fields.length === 0) return { runner: existing, changes: [] };
  const runner = await updateRunner(tx, existing, { ...set, updated_at: context.at });
  if (runner === undefined)
    throw new Problem('conflict', `Runner ${existing.id} was changed by somebody else just now; seed again.`);
  return { runner, changes: [{ kind: 'runner', subject: runner.id, change: 'updated', fields }] };
}

async function addRunner(
  tx: Db,
  organizationId: string,
  wanted: SeededRunner,
  groupId: string | null,
  context: WriteContext,
): Promise<Seeded> {
  const runner = vacantRunner(
    wanted,
    { organizationId, groupId, shareName: await freeShare(tx, wanted) },
    context,
  );
  await insertRunner(tx, { ...runner, heartbeat_json: null, earlier_nonces_json: null });
  const change = { subjectType: 'runner', subjectId: runner.id, oldState: null, newState: 'seeded' } as const;
  await recordStateChange(tx, { organizationId, ...change, reason: 'named by the seed file' }, context);
  return { runner, changes: [{ kind: 'runner', subject: runner.id, change: 'created', fields: [] }] };
}

/** Ids and shares are unique over all organizations: no two runners write to one share. */
async function freeShare(tx: Db, { runnerId, shareName }: SeededRunner): Promise<string> {
  const taken = await takenRunnerNames(tx);
  if (taken.ids.has(runnerId))
    throw new Problem('conflict', `The id ${runnerId} is in use elsewhere; wanted: another.`);
  if (shareName === undefined)
    return firstFree(shareNameOf(runnerId), MAX_SHARE_NAME_LENGTH, (name) => taken.shares.has(name));
  if (!taken.shares.has(shareName)) return shareName;
  throw new Problem('conflict', `Another runner archives to the share ${shareName}; wanted: one a runner.`);
}

/** What only its agent can say is not known yet. */
function vacantRunner(
  { runnerId, name }: SeededRunner,
  own: { readonly organizationId: string; readonly groupId: string | null; readonly shareName: string },
  context: WriteContext,
): RunnerRow {
  return {
    id: runnerId,
    organization_id: own.organizationId,
    group_id: own.groupId,
    name: name?.trim() ?? runnerId,
    host_name: '',
    platform: '',
    time_zone: 'UTC',
    status: 'active',
    generation: 0,
    key_hash: null,
    key_slot: runnerId,
    share_name: own.shareName,
    agent_version: null,
    address: null,
    instance_nonce: null,
    previous_nonce: null,
    refused_nonce: null,
    earlier_nonces_json: null,
    instance_seen_at: null,
    last_heartbeat: null,
    active_jobs: null,
    azure_files_status: null,
    clock_offset_ms: null,
    heartbeat_json: null,
    credential_expires_at: null,
    version: 1,
    created_at: context.at,
    updated_at: context.at,
  };
}
