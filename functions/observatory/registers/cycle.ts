import { z } from 'zod';
import type { WorkflowContext } from '../../workflows/index.ts';
import type { EntityKinds } from './totals.ts';
import type { SentinelScope } from './sentinel.ts';

/** The step with which a cycle has come to its end. */
export const SNAPSHOT_STEP = 'write_snapshot';

/** The payload of a walk: whoever looked, and says that the register did become so much smaller, lets it pass the volume check. */
export const walkPayload = z.object({ acceptFall: z.boolean().default(false) });
export type WalkPayload = z.infer<typeof walkPayload>;

/** One run over one register. */
export interface RegisterCycle {
  readonly context: WorkflowContext;
  readonly organizationId: string;
  /** `tga`, `cricos`, `teqsa`. */
  readonly register: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly syncType: string;
  /** As the payload says. */
  readonly acceptFall: boolean;
}

export function registerCycle(
  context: WorkflowContext,
  register: string,
  { acceptFall }: WalkPayload,
): RegisterCycle {
  const { runId, organizationId, syncType, startedAt } = context.run;
  return { context, organizationId, register, runId, startedAt, syncType, acceptFall };
}

/** A table that the volume check watches. */
export interface VolumeTarget {
  /** `orgs`, `training`, `institutions`, `courses`. */
  readonly name: string;
  readonly entityTypes: readonly string[];
}

export function kindsOf({ organizationId, register }: RegisterCycle, target: VolumeTarget): EntityKinds {
  return { organizationId, register, entityTypes: target.entityTypes };
}

export function sentinelScope(cycle: RegisterCycle, target: string): SentinelScope {
  const { organizationId, runId, syncType, acceptFall, context } = cycle;
  const maxFallPercent = acceptFall ? 100 : context.services.settings.REGISTER_FALL_PERCENT;
  return { organizationId, runId, syncType, target, maxFallPercent };
}
