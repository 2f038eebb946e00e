import { z } from 'zod';
import type { stepView } from '../../../shared/contract/fleet.ts';
import { useNow } from '../app/services.ts';
import { sayCount } from '../format/amount.ts';
import { showUnseen } from '../format/logText.ts';
import { stepMarks } from '../format/marks.ts';
import { sayDuration } from '../format/time.ts';
import { Ago, Took } from './Ago.tsx';
import { JsonNote } from './JsonNote.tsx';
import { Lane } from './Lane.tsx';
import { ShapeIcon } from './StatusMark.tsx';

type Step = z.infer<typeof stepView>;

interface StepTimelineProps {
  readonly steps: readonly Step[];
  readonly startedAt: string;
  /** Null: until now. */
  readonly endedAt: string | null;
  readonly nameOf: (step: string) => string;
}

/** The steps in the order in which they began, each with its bar on the time of the run; those still to come at the end. */
export function StepTimeline({ steps, startedAt, endedAt, nameOf }: StepTimelineProps) {
  const now = useNow();
  if (steps.length === 0) return <p className="quiet">No step has begun yet.</p>;
  const last = Number.MAX_SAFE_INTEGER;
  const ordered = steps.toSorted((a, b) => (a.seq ?? last) - (b.seq ?? last));
  const fromMs = Date.parse(startedAt);
  const toMs = endedAt === null ? now : Date.parse(endedAt);
  return (
    <div className="timeline">
      <p className="lane-scale" aria-hidden="true">
        <span>0</span>
        <span>{sayDuration(toMs - fromMs)}</span>
      </p>
      <ol>
        {ordered.map((step) => (
          <StepItem key={step.step} step={step} name={nameOf(step.step)} within={{ fromMs, toMs }} />
        ))}
      </ol>
    </div>
  );
}

interface StepItemProps {
  readonly step: Step;
  readonly name: string;
  readonly within: { readonly fromMs: number; readonly toMs: number };
}

function StepItem({ step, name, within }: StepItemProps) {
  const { shape, word } = stepMarks[step.status];
  return (
    <li className={`step step-${shape}`}>
      <ShapeIcon shape={shape} size={20} />
      <div className="step-body">
        <p className="step-head">
          <strong>{name}</strong> <span>{word}</span>
          <span className="quiet">
            <StepTime step={step} />
          </span>
        </p>
        {step.startedAt === null ? null : (
          <Lane
            tone={shape}
            within={within}
            of={{
              fromMs: Date.parse(step.startedAt),
              toMs: step.completedAt === null ? within.toMs : Date.parse(step.completedAt),
            }}
          />
        )}
        <StepCounts step={step} />
        {step.error === null ? null : (
          <pre className="step-error" role="region" aria-label={`Error of ${name}`} tabIndex={0}>
            {showUnseen(step.error)}
          </pre>
        )}
        <StepResult result={step.result} />
      </div>
    </li>
  );
}

function StepTime({ step }: { step: Step }) {
  if (step.startedAt === null) return null;
  return (
    <>
      <Ago at={step.startedAt} />
      {step.startedAt === step.completedAt ? null : (
        <>
          , {step.completedAt === null ? 'for ' : 'took '}
          <Took from={step.startedAt} to={step.completedAt} />
        </>
      )}
    </>
  );
}

function StepCounts({ step }: { step: Step }) {
  const counts = [
    step.kind === 'baseline' ? 'volume check, not counted for the status' : undefined,
    step.recordsIn === null ? undefined : `${sayCount(step.recordsIn)} in`,
    step.recordsOut === null ? undefined : `${sayCount(step.recordsOut)} out`,
    step.attempts > 1 ? `${sayCount(step.attempts)} attempts` : undefined,
    step.triggeredBy === null ? undefined : `by ${step.triggeredBy}`,
  ].filter((text) => text !== undefined);
  return counts.length === 0 ? null : <p className="quiet">{counts.join(' · ')}</p>;
}

/** A workflow keeps an activity's result as `value`, beside how the source said that there was nothing. */
function StepResult({ result }: { result: unknown }) {
  if (result === null || result === undefined) return null;
  const { value, idle } = unwrapped(result);
  return (
    <>
      {idle === undefined ? null : (
        <p className="quiet">The source said itself that there was nothing: {idle}</p>
      )}
      {value === null || value === undefined ? null : (
        <details>
          <summary>Result</summary>
          <JsonNote value={value} />
        </details>
      )}
    </>
  );
}

function unwrapped(result: unknown): { readonly value: unknown; readonly idle?: string } {
  const stored = z.strictObject({ value: z.unknown(), idle: z.string().optional() }).safeParse(result);
  return stored.success
    ? { value: stored.data.value, ...(stored.data.idle === undefined ? {} : { idle: stored.data.idle }) }
    : { value: result };
}
