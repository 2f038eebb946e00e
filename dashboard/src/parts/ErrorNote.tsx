import { ProblemError } from '../../../shared/client/index.ts';
import { ShapeIcon } from './StatusMark.tsx';

/** A failure in sentences: what was refused, why, where, and the correlation id to quote. */
export function ErrorNote({ error, doing }: { error: Error | null; doing: string }) {
  if (error === null) return null;
  return (
    <div className="note note-bad" role="alert">
      <ShapeIcon shape="bad" />
      <div>
        <strong>{doing} failed.</strong>{' '}
        {error instanceof ProblemError ? <Refusal error={error} /> : <Silence />}
      </div>
    </div>
  );
}

function Refusal({ error }: { error: ProblemError }) {
  const { title, detail, errors, correlationId } = error.problem;
  return (
    <>
      {title}
      {detail === '' ? '.' : `: ${detail}`}
      {errors?.map((fault) => (
        <span key={fault.pointer} className="block">
          <code>{fault.pointer}</code> {fault.message}
        </span>
      ))}
      {correlationId === undefined ? null : (
        <span className="block quiet">
          To quote: <code>{correlationId}</code>
        </span>
      )}
    </>
  );
}

function Silence() {
  return (
    <>The server gave no usable answer, so it may or may not have been done. Look before you repeat it.</>
  );
}
