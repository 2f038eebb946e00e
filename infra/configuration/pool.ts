import type { StackConfiguration } from './schema.ts';
import { sqlTiers } from './sqlTiers.ts';

/** Kept for migrations, people with a query, and a process that is on its way out while its successor starts. */
const RESERVED_WORKERS = 10;
/** More than a host can use. */
const MOST = 20;

/** How the database's workers are dealt out: each process of the app has a pool of its own, a staging slot's among them. */
export function poolOf({ plan, sql }: Pick<StackConfiguration, 'plan' | 'sql'>): {
  readonly instances: number;
  readonly workers: number;
  readonly pool: number;
} {
  const slots = plan.kind === 'appService' && plan.stagingSlot ? 2 : 1;
  const instances = plan.instances * slots;
  const { workers } = sqlTiers[sql.sku];
  return { instances, workers, pool: Math.min(MOST, Math.floor((workers - RESERVED_WORKERS) / instances)) };
}
