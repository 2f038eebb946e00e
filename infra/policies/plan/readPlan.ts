import { z } from 'zod';
import { nameOf, typeOf, withoutVersion } from '../urn.ts';

/** What a plan does with one resource. */
export interface PlannedStep {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Properties whose change makes it a replacement, where the plan says so; never their values. */
  readonly because: readonly string[];
  readonly losesProtection: boolean;
}

const state = z.looseObject({ protect: z.boolean().optional() }).nullish();

/** What `pulumi preview --json` prints; values that are no secret to Pulumi stand in it as they are, so nothing of a state is read but this. */
const preview = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string().startsWith('urn:pulumi:'),
      oldState: state,
      newState: state,
      replaceReasons: z.array(z.string()).nullish(),
    }),
  ),
  diagnostics: z.array(z.looseObject({ severity: z.string().optional() })).nullish(),
});

/** What `pulumi preview --save-plan` writes; the format is an experiment of Pulumi's. */
const savedPlan = z.looseObject({
  manifest: z.looseObject({}),
  resourcePlans: z.record(
    z.string().startsWith('urn:pulumi:'),
    z.looseObject({ steps: z.array(z.string()).default([]) }),
  ),
});

/** Throws for what is neither, and for the preview of a program that failed: it lacks what came after the failure. */
export function stepsOf(plan: unknown): readonly PlannedStep[] {
  const previewed = preview.safeParse(plan);
  if (previewed.success) {
    const { steps, diagnostics } = previewed.data;
    if ((diagnostics ?? []).some(({ severity }) => severity === 'error'))
      throw new Error('the preview ended with errors: its plan is not whole');
    return steps.map(({ op, urn, oldState, newState, replaceReasons }) => ({
      ...placed(op, urn),
      because: replaceReasons ?? [],
      losesProtection: oldState?.protect === true && isUnprotected(newState),
    }));
  }
  const saved = savedPlan.safeParse(plan);
  if (saved.success)
    return Object.entries(saved.data.resourcePlans).flatMap(([urn, { steps }]) =>
      steps.map((op) => ({ ...placed(op, urn), because: [], losesProtection: false })),
    );
  throw new Error(
    'this is no plan; wanted: what `pulumi preview --json` prints, or `pulumi preview --save-plan FILE` writes',
  );
}

function placed(op: string, urn: string) {
  return { op, urn, type: withoutVersion(typeOf(urn)), name: nameOf(urn) };
}

function isUnprotected(after: z.infer<typeof state>): boolean {
  return after !== undefined && after !== null && after.protect !== true;
}
