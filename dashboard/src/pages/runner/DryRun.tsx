import { useEffect } from 'react';
import { run } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { runMarks } from '../../format/marks.ts';
import { JsonNote } from '../../parts/JsonNote.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { RunLink } from '../../parts/RunLink.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';

/** Watches a dry run to its end and shows what it counted. */
export function DryRun({ runId, onCounted }: { runId: string; onCounted: () => void }) {
  const answer = useAnswer(run, { params: { runId } }, { everyMs: 1000 });
  const status = answer.data?.run.status;
  useEffect(() => {
    if (status === 'complete') onCounted();
  }, [status, onCounted]);
  return (
    <div className="card" aria-live="polite">
      <Pending query={answer} doing="Starting the dry run">
        {(data) => (
          <>
            <p className="dry-run-head">
              <StatusMark mark={runMarks[data.run.status]} />
              <RunLink runId={runId}>Dry run</RunLink>
            </p>
            {data.run.endedAt === null ? (
              <p className="quiet">Counting; this may take a while on a large share.</p>
            ) : (
              <JsonNote value={data.result ?? data.steps.at(-1)?.result} />
            )}
            {data.run.status === 'failed' ? <p>{data.advice}</p> : null}
          </>
        )}
      </Pending>
    </div>
  );
}
