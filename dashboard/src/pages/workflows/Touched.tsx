import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import type { bulkRetry } from '../../../../shared/contract/workflows.ts';
import { sayAmount } from '../../format/amount.ts';
import { Ago } from '../../parts/Ago.tsx';
import { RunLink } from '../../parts/RunLink.tsx';

/** What a bulk retry would touch. */
export function Touched({ preview }: { preview: ResponseOf<typeof bulkRetry> }) {
  const { refusal, count, runs } = preview;
  if (refusal !== null) return <p role="status">{refusal}</p>;
  if (count === 0) return <p role="status">No failed run has this error: there is nothing to retry.</p>;
  return (
    <div role="status">
      <p>
        {sayAmount(count, 'run')} would go on
        {count > runs.length ? `; the newest ${String(runs.length)}:` : ':'}
      </p>
      <ul className="touched" tabIndex={0} aria-label="Runs that would go on">
        {runs.map((run) => (
          <li key={run.runId}>
            <RunLink runId={run.runId}>{run.runId}</RunLink>{' '}
            <span className="quiet">
              <Ago at={run.startedAt} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
