import type { Db } from '../../database/index.ts';
import type { Identity } from '../identity.ts';
import { Problem } from '../problem.ts';
import { hashAgentKey } from './secretHash.ts';

/**
 * The agent that has this key: one query by the unique key slot. Throws `runner-superseded` for a key that was
 * approved once and has lost its runner to another agent, and `agent-key-unknown` for any other.
 */
export async function authenticateAgent(db: Db, key: string): Promise<Identity> {
  const keyHash = hashAgentKey(key);
  const runner = await db
    .selectFrom('runners')
    .select(['id', 'organization_id', 'generation', 'status'])
    .where('key_slot', '=', keyHash)
    // The slot of a runner without a key is its id, which an agent may choose; the key hash it may not.
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  if (runner === undefined) throw await refusal(db, keyHash);
  if (runner.status !== 'active')
    throw new Problem('not-allowed', `An operator disabled runner ${runner.id}; ask for it to be enabled.`);
  return {
    kind: 'agent',
    runnerId: runner.id,
    organizationId: runner.organization_id,
    generation: runner.generation,
  };
}

async function refusal(db: Db, keyHash: string): Promise<Problem> {
  const earlier = await db
    .selectFrom('enrolments')
    .select(['runner_id'])
    .where('key_hash', '=', keyHash)
    .where('status', 'in', ['approved', 'superseded'])
    .executeTakeFirst();
  if (earlier === undefined)
    return new Problem(
      'agent-key-unknown',
      'No approved agent has this key: enrol, and have an operator approve it.',
    );
  return new Problem(
    'runner-superseded',
    `Another agent was approved as runner ${earlier.runner_id ?? 'of this name'}; this one must not enrol again by itself.`,
  );
}
