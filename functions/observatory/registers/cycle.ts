import type { WorkflowContext } from '../../workflows/index.ts';
import type { EntityKinds } from './totals.ts';
import type { SentinelScope } from './sentinel.ts';

/** The step with which a cycle has come to its end. */
export const SNAPSHOT_STEP = 'write_snapshot';

/** One run over one register. */
export interface RegisterCycle {
  readonly context: WorkflowContext;
  readonly organizationId: string;
  /** `tga`, `cricos`, `teqsa`. */
  readonly register: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly syncType: string;
  /** Somebody looked, and says that the register did become so much smaller. */
  readonly acceptFall: boolean;
}

export function registerCycle(
  context: WorkflowContext,
  register: string,
  { acceptFall }: { readonly acceptFall: boolean },
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
