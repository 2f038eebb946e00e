/**
 * The state machine of a run, in one place.
 *
 * `running` → `complete` | `partial` | `failed` when it ends by itself; `running` ↔ `paused` by a person;
 * `running` → `stale` when nobody heard of it any more, and back to `running` when a late writer turns up;
 * `running` | `paused` → `terminated` by a person, for good.
 * What ended by itself is computed from its steps, so that no two pages can disagree about it.
 */
export type RunStatus = 'running' | 'paused' | 'complete' | 'partial' | 'failed' | 'stale' | 'terminated';

export type StepStatus =
  | 'pending'
  | 'running'
  | 'complete'
  | 'failed'
  | 'timed_out'
  | 'error'
  | 'not_implemented';

export type StepKind = 'init' | 'work' | 'baseline' | 'failure';

/** What the status of a run depends on beside its steps. */
export interface RunFacts {
  /** As stored now: `paused`, `stale` and `terminated` were decided elsewhere and stay until lifted there. */
  readonly status: RunStatus;
  /** The run came to an end by itself. */
  readonly ended: boolean;
  /** Files whose outcome counts as failed. Skipped files are no failure: a later cycle takes them. */
  readonly filesFailed: number;
  /** It read nothing, or abnormally little, and cannot prove that there was nothing (`recordVolume.ts`). */
  readonly doubted?: boolean;
}

export interface StepFacts {
  readonly kind: StepKind;
  readonly status: StepStatus;
  /** Given when the step leaves `pending`: the highest is the latest. */
  readonly seq: number | null;
}

const imposed: ReadonlySet<RunStatus> = new Set<RunStatus>(['paused', 'stale', 'terminated']);
const sound: ReadonlySet<StepStatus> = new Set<StepStatus>(['complete', 'not_implemented']);

/**
 * The one status of a run (SPEC O4), over all steps but `init`, baselines and those still `pending`:
 * - a failure step (`chain_failed`, `fatal`) makes it `failed`, ended or not;
 * - not ended: `running`, also while a step that failed or timed out may yet be repeated;
 * - ended with every step and file sound: `complete`;
 * - ended without a step of work, or with its latest step unsound: `failed`, it died there;
 * - ended otherwise, with a step or a file that failed on the way, or with records in doubt: `partial`.
 */
export function effectiveStatus(run: RunFacts, steps: readonly StepFacts[]): RunStatus {
  if (imposed.has(run.status)) return run.status;
  const counted = steps.filter((step) => isCounted(step));
  if (counted.some((step) => step.kind === 'failure' && !sound.has(step.status))) return 'failed';
  if (!run.ended) return 'running';
  const latest = latestStep(counted.filter((step) => step.kind === 'work'));
  if (latest === undefined || !sound.has(latest.status)) return 'failed';
  if (run.doubted === true || run.filesFailed > 0 || counted.some((step) => !sound.has(step.status)))
    return 'partial';
  return 'complete';
}

/** The step that left `pending` last; undefined when none did. */
export function latestStep<Step extends StepFacts>(steps: readonly Step[]): Step | undefined {
  let latest: Step | undefined;
  for (const step of steps) if (latest === undefined || (step.seq ?? -1) >= (latest.seq ?? -1)) latest = step;
  return latest;
}

function isCounted(step: StepFacts): boolean {
  return step.status !== 'pending' && (step.kind === 'work' || step.kind === 'failure');
}
