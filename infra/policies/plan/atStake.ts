import { dataAtStake } from '../dataAtStake.ts';
import type { PlannedStep } from './readPlan.ts';

/** A step that would lose data, and what. */
export interface Danger {
  readonly urn: string;
  readonly says: string;
}

/** These leave a resource where it is. Whatever Pulumi may call a step in the future is not among them. */
const harmless: ReadonlySet<string> = new Set([
  'same',
  'create',
  'update',
  'read',
  'refresh',
  'import',
  'discard',
]);

const guarded: ReadonlyMap<string, string> = new Map([
  ...dataAtStake.map(({ type, lost }) => [type, `what is lost with it: ${lost}`] as const),
  ['azure-native:authorization:ManagementLockByScope', 'what it locks could be deleted by the next hand'],
]);

/** What of a plan deletes or replaces a share, a database, a vault or what they stand in, or opens the way to it. */
export function dangersIn(steps: readonly PlannedStep[], allowed: ReadonlySet<string>): readonly Danger[] {
  return steps.flatMap((step) => {
    const lost = guarded.get(step.type);
    if (lost === undefined || allowed.has(step.urn)) return [];
    const kind = step.type.slice(step.type.lastIndexOf(':') + 1);
    const because = step.because.length === 0 ? '' : ` because of ${step.because.join(', ')}`;
    if (!harmless.has(step.op))
      return [{ urn: step.urn, says: `${step.op} of ${kind} “${step.name}”${because}; ${lost}` }];
    if (!step.losesProtection) return [];
    return [
      {
        urn: step.urn,
        says: `${kind} “${step.name}” loses its protection: a later plan could delete it; ${lost}`,
      },
    ];
  });
}
