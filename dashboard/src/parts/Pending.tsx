import type { ReactNode } from 'react';
import { ErrorNote } from './ErrorNote.tsx';

interface PendingProps<Data> {
  readonly query: { readonly data: Data | undefined; readonly error: Error | null };
  /** What is being done, for the sentence when it fails: `Loading the runs`. */
  readonly doing: string;
  readonly children: (data: Data) => ReactNode;
}

/** Shows data once there is some, and goes on showing it when a refresh fails. */
export function Pending<Data>({ query, doing, children }: PendingProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ErrorNote error={query.error} doing={doing} />;
  return (
    <div className="placeholder" role="status">
      {doing} …
    </div>
  );
}
