import { SchemaVersionError } from './schema-version-error.ts';

export type Phase = 'expand' | 'contract';

export interface KnownStep {
  readonly number: number;
  readonly name: string;
  /** It contracts: code that does not know it must not run on it. */
  readonly breaking: boolean;
}

export interface AppliedStep extends KnownStep {
  readonly appliedAt: Date;
}

/**
 * Up to which number a deployment may migrate. Expanding comes before new code runs: old code runs on what only grew.
 * Contracting comes after, and not in the release that expanded: who goes back one release must find what that one needs.
 * `releaseAt` is when the release was made (its commit): what was applied before then, an earlier release applied. An empty
 * database has no old code: all of it may be made at once. Throws SchemaVersionError, nothing done, for what may not be.
 */
export function targetOf(facts: {
  readonly phase: Phase;
  readonly known: readonly KnownStep[];
  readonly applied: readonly AppliedStep[];
  readonly releaseAt: Date;
}): number {
  const { phase, known, applied, releaseAt } = facts;
  if (applied.length === 0) return known.length;
  const pending = known.slice(applied.length);
  const contracting = pending.find(({ breaking }) => breaking);
  if (contracting === undefined) return known.length;
  const expanding = pending.filter(({ breaking }) => !breaking);
  const recent = applied.find(({ breaking, appliedAt }) => !breaking && appliedAt >= releaseAt);
  const sameRelease = expanding[0] ?? (phase === 'contract' ? recent : undefined);
  if (sameRelease !== undefined)
    throw new SchemaVersionError(
      `Cannot contract by ${contracting.name} in the release that expands by ${sameRelease.name}: ship ${contracting.name} a release later`,
    );
  return phase === 'contract' ? known.length : applied.length;
}
