import { classifyDatabaseError, type Db } from '../../database/index.ts';
import { createGather } from '../../gather.ts';
import { perServices } from '../../perServices.ts';
import type { Services } from '../../services.ts';
import type { Identity } from '../identity.ts';
import { Problem } from '../problem.ts';
import { hashAgentKey } from './secretHash.ts';

/** Keys looked up by one statement. */
const MOST_TOGETHER = 100;
const LANES = 2;

/**
 * The agent that has this key: one query by the unique key slot, for all that ask at the same time. Throws
 * `runner-superseded` for a key that was approved once and has lost its runner to another agent, and
 * `agent-key-unknown` for any other.
 */
export async function authenticateAgent(services: Services, key: string): Promise<Identity> {
  const keyHash = hashAgentKey(key);
  const runner = await holdersOf(services)(keyHash);
  if (runner === undefined) throw await refusal(services.database.db, keyHash);
  if (runner.status !== 'active') throw runnerDisabled(runner.id);
  return {
    kind: 'agent',
    runnerId: runner.id,
    organizationId: runner.organization_id,
    generation: runner.generation,
  };
}

export function runnerDisabled(runnerId: string): Problem {
  return new Problem('not-allowed', `An operator disabled runner ${runnerId}; ask for it to be enabled.`);
}

const holdersOf = perServices(({ database }) =>
  createGather({
    run: async (keyHashes: readonly string[]) => {
      const holders = await readHolders(database.db, keyHashes);
      return keyHashes.map((keyHash) => holders.get(keyHash));
    },
    most: MOST_TOGETHER,
    lanes: LANES,
    isOwn: (error) => !classifyDatabaseError(error).transient,
  }),
);

async function readHolders(db: Db, keyHashes: readonly string[]) {
  const rows = await db
    .selectFrom('runners')
    .select(['id', 'organization_id', 'generation', 'status', 'key_hash'])
    .where('key_slot', 'in', keyHashes)
    // The slot of a runner without a key is its id, which an agent may choose; the key hash it may not.
    .whereRef('key_hash', '=', 'key_slot')
    .execute();
  return new Map(rows.map((row) => [row.key_hash, row]));
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
