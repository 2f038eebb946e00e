import type { BodyOf, ResponseOf } from '../../../shared/contract/endpoint.ts';
import type { SeedChange, SeededRunner, seedFleet as endpoint } from '../../../shared/contract/seeding.ts';
import { classifyDatabaseError, type Db, withLock } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { type Decision, recordDecision } from '../decision.ts';
import { nameKey } from '../proposedJobs.ts';
import { seedJobs } from './seedJobs.ts';
import { seedRunner } from './seedRunner.ts';

type SeedReport = ResponseOf<typeof endpoint>;

/** Thrown to leave a transaction without its effects. */
class OnlyTried extends Error {
  readonly changes: readonly SeedChange[];
  constructor(changes: readonly SeedChange[]) {
    super('a dry run: nothing is kept');
    this.changes = changes;
  }
}

/**
 * Makes the runners, groups and jobs that a seed file names, or sets them to what it says. A transaction a runner: one
 * that cannot be had so is left as it was and told.
 */
export async function seedFleet(
  services: Services,
  decision: Decision,
  { runners, dryRun }: BodyOf<typeof endpoint>,
): Promise<SeedReport> {
  const changes: SeedChange[] = [];
  const refused: { runnerId: string; detail: string }[] = [];
  let unchanged = 0;
  for (const wanted of runners) {
    try {
      const made = await seedOne(services, decision, wanted, dryRun);
      // A dry run meets a new group with each of its runners.
      changes.push(...made.filter((change) => !changes.some((known) => isSame(known, change))));
      if (made.length === 0) unchanged += 1;
    } catch (error) {
      refused.push({ runnerId: wanted.runnerId, detail: refusalText(error) });
    }
  }
  return { changes, unchanged, refused };
}

function isSame(a: SeedChange, b: SeedChange): boolean {
  return a.kind === b.kind && nameKey(a.subject) === nameKey(b.subject);
}

async function seedOne(
  services: Services,
  decision: Decision,
  wanted: SeededRunner,
  dryRun: boolean,
): Promise<readonly SeedChange[]> {
  try {
    return await services.database.transaction(async (tx) => {
      const changes = await withLock(tx, `jobs of ${wanted.runnerId}`, (locked) =>
        storeOne(services, locked, decision, wanted),
      );
      if (dryRun) throw new OnlyTried(changes);
      return changes;
    });
  } catch (error) {
    if (error instanceof OnlyTried) return error.changes;
    throw error;
  }
}

async function storeOne(
  services: Services,
  tx: Db,
  decision: Decision,
  wanted: SeededRunner,
): Promise<readonly SeedChange[]> {
  const context = writeContext(services);
  const { runner, changes } = await seedRunner(tx, decision.organizationId, wanted, context);
  const all = [...changes, ...(await seedJobs(tx, runner, wanted.jobs, context))];
  if (all.length > 0) {
    const done = {
      action: 'runner.seeded',
      subjectType: 'runner',
      subjectId: runner.id,
      detail: { changes: all },
    };
    await recordDecision(tx, decision, done, context);
  }
  return all;
}

/** What somebody can mend in the file, or try again; anything else ends the whole request. */
function refusalText(error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (classifyDatabaseError(error).kind === 'unique_violation')
    return 'Somebody else made it just now; seed again.';
  throw error;
}
