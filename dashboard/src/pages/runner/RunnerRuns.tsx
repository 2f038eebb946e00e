import { type RunnerView, runs } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { Pending } from '../../parts/Pending.tsx';
import { RunTable } from '../../parts/RunTable.tsx';

/** The last runs of one instrument. */
export function RunnerRuns({ runner }: { runner: RunnerView }) {
  const answer = useAnswer(runs, { query: { runnerId: runner.runnerId, limit: 8 } });
  return (
    <Pending query={answer} doing="Loading the runs">
      {(data) =>
        data.runs.length === 0 ? (
          <p className="quiet">
            None yet. The first begins within its schedule; Sync now does not wait for it.
          </p>
        ) : (
          <RunTable label={`Runs of ${runner.name}`} runs={data.runs} />
        )
      }
    </Pending>
  );
}
