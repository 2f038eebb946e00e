import type { ReactNode } from 'react';
import { ProblemError } from '../../../shared/client/index.ts';
import { sayClock } from '../format/time.ts';
import { ErrorNote } from './ErrorNote.tsx';

interface PendingProps<Data> {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: Error | null;
    readonly dataUpdatedAt: number;
  };
  /** What is being done, for the sentence when it fails: `Loading the runs`. */
  readonly doing: string;
  readonly children: (data: Data) => ReactNode;
}

/** Shows data once there is some; when a refresh fails it goes on showing it and says how old it is. */
export function Pending<Data>({ query, doing, children }: PendingProps<Data>) {
  if (query.data !== undefined)
    return (
      <>
        <NotFresh error={query.error} since={query.dataUpdatedAt} />
        {children(query.data)}
      </>
    );
  if (query.error !== null) return <ErrorNote error={query.error} doing={doing} />;
  return (
    <div className="placeholder" role="status">
      {doing} …
    </div>
  );
}

/** A server that is silent has the banner; this is for one that answers and refuses. */
function NotFresh({ error, since }: { error: Error | null; since: number }) {
  if (!(error instanceof ProblemError)) return null;
  return (
    <p className="not-fresh" role="status">
      Not refreshed since {sayClock(since)}: {error.problem.title.toLowerCase()}
      {error.problem.correlationId === undefined ? '' : `, ${error.problem.correlationId}`}.
    </p>
  );
}
