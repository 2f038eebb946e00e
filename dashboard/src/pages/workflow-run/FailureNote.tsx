import { useRef } from 'react';
import type { RunFailureView } from '../../../../shared/contract/workflows.ts';
import { bugReport } from '../../../../shared/domain/bugReport.ts';
import { showUnseen } from '../../format/logText.ts';
import { CopyButton } from '../../parts/Copyable.tsx';
import { JsonBlock } from '../../parts/JsonBlock.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';
import { faultsOf } from './apiCause.ts';
import type { WorkflowRunAnswer } from './standing.ts';

interface FailureProps {
  readonly data: WorkflowRunAnswer;
  readonly failure: RunFailureView;
}

/** Why the run failed, what the other side said, whether repeating can mend it, and what to do. */
export function FailureNote({ data, failure }: FailureProps) {
  const note = useRef<HTMLDivElement>(null);
  return (
    <div className="note note-bad failure" aria-live="polite">
      <ShapeIcon shape="bad" />
      <div ref={note}>
        <p>
          <strong>{failure.tag ?? 'It stopped itself'}</strong>
          {failure.activity === null ? null : (
            <>
              {' '}
              in <code>{failure.activity}</code>
            </>
          )}
          : {showUnseen(failure.message)}
        </p>
        <p>
          {failure.isPermanent
            ? 'Permanent: repeating alone does not mend it.'
            : 'Transient: a retry may mend it.'}{' '}
          {failure.advice}
        </p>
        <Faults cause={failure.cause} />
        {failure.isPermanent ? (
          <CopyButton text={() => reportOf(data, failure)} label="bug report" shown={() => note.current} />
        ) : null}
      </div>
    </div>
  );
}

/** The API's own words: the places in the payload that it names first, its whole answer below. */
function Faults({ cause }: { cause: unknown }) {
  if (cause === null || cause === undefined) return null;
  return (
    <>
      <ul className="api-faults" aria-label="What the API said">
        {faultsOf(cause).map(({ pointer, text }, index) => (
          <li key={`${String(index)} ${pointer ?? ''}`}>
            {pointer === null ? null : <code>{showUnseen(pointer)}</code>} {showUnseen(text)}
          </li>
        ))}
      </ul>
      <details>
        <summary>The API’s whole answer</summary>
        <JsonBlock value={cause} label="The API’s answer" />
      </details>
    </>
  );
}

function reportOf({ run, payload, steps }: WorkflowRunAnswer, failure: RunFailureView): string {
  const failed = steps.filter(({ status }) => status === 'failed' || status === 'timed_out').at(-1);
  return bugReport({
    workflow: run.syncType,
    runId: run.runId,
    correlationId: run.correlationId,
    startedAt: run.startedAt,
    failedAt: run.endedAt,
    lastStep: failure.activity ?? failed?.step ?? null,
    tag: failure.tag,
    message: failure.message,
    payload,
    cause: failure.cause,
  });
}
