import type { z } from 'zod';
import type { stepView } from '../../../../shared/contract/fleet.ts';
import { sayCount } from '../../format/amount.ts';
import { sayName } from '../../format/ids.ts';
import { stepMarks } from '../../format/marks.ts';
import { Ago, Took } from '../../parts/Ago.tsx';
import { JsonNote } from '../../parts/JsonNote.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

type Step = z.infer<typeof stepView>;

/** The steps in the order in which they began; those still to come at the end. */
export function StepTimeline({ steps }: { steps: readonly Step[] }) {
  if (steps.length === 0) return <p className="quiet">No step has begun yet.</p>;
  const last = Number.MAX_SAFE_INTEGER;
  const ordered = steps.toSorted((a, b) => (a.seq ?? last) - (b.seq ?? last));
  return (
    <ol className="timeline">
      {ordered.map((step) => (
        <StepItem key={step.step} step={step} />
      ))}
    </ol>
  );
}

function StepItem({ step }: { step: Step }) {
  const { shape, word } = stepMarks[step.status];
  return (
    <li className={`step step-${shape}`}>
      <ShapeIcon shape={shape} size={20} />
      <div className="step-body">
        <p className="step-head">
          <strong>{sayName(step.step)}</strong> <span>{word}</span>
          <span className="quiet">
            <StepTime step={step} />
          </span>
        </p>
        <StepCounts step={step} />
        {step.error === null ? null : <pre className="step-error">{step.error}</pre>}
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
    step.recordsIn === null ? undefined : `${sayCount(step.recordsIn)} in`,
    step.recordsOut === null ? undefined : `${sayCount(step.recordsOut)} out`,
    step.attempts > 1 ? `${sayCount(step.attempts)} attempts` : undefined,
    step.triggeredBy === null ? undefined : `by ${step.triggeredBy}`,
  ].filter((text) => text !== undefined);
  return counts.length === 0 ? null : <p className="quiet">{counts.join(' · ')}</p>;
}

function StepResult({ result }: { result: unknown }) {
  if (result === null || result === undefined) return null;
  return (
    <details>
      <summary>Result</summary>
      <JsonNote value={result} />
    </details>
  );
}
