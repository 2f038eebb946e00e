import { mostProcesses } from '../../shared/domain/scaleGroups.ts';
import type { StackConfiguration } from './schema.ts';
import { sqlTiers } from './sqlTiers.ts';

/** Kept for migrations, people with a query, and a process that is on its way out while its successor starts. */
const RESERVED_WORKERS = 10;
/** More than a host can use. */
const MOST = 20;

/**
 * How the database's workers are dealt out: each process of the app has a pool of its own. A staging slot's are among them, and on Flex
 * Consumption those of queue and timers, which scale apart from what answers requests.
 */
export function poolOf({ plan, sql }: Pick<StackConfiguration, 'plan' | 'sql'>): {
  readonly processes: number;
  readonly workers: number;
  readonly pool: number;
} {
  const processes = processesOn(plan);
  const { workers } = sqlTiers[sql.sku];
  return { processes, workers, pool: Math.min(MOST, Math.floor((workers - RESERVED_WORKERS) / processes)) };
}

function processesOn(plan: StackConfiguration['plan']): number {
  if (plan.kind === 'flexConsumption') return mostProcesses(plan.instances);
  return plan.instances * (plan.stagingSlot ? 2 : 1);
}
