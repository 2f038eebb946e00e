import { Link } from '@tanstack/react-router';
import { type RunSummary, runs } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { sayAmount, sayCount } from '../../format/amount.ts';
import { sayName } from '../../format/ids.ts';
import { withoutFiles } from '../../format/runWork.ts';
import { runMark, sayRunKind } from '../../format/runWords.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

const SHOWN = 8;

/** What the platform did last. */
export function NewestRuns() {
  const answer = useAnswer(runs, { query: { limit: SHOWN } });
  return (
    <Section
      title="Newest runs"
      className="overview-runs"
      actions={
        <Link to="/runs" className="link">
          All runs
        </Link>
      }
    >
      <Pending query={answer} doing="Loading the newest runs">
        {(data) =>
          data.runs.length === 0 ? (
            <p className="quiet">None yet. The first appears when an agent begins to archive.</p>
          ) : (
            <ul className="feed">
              {data.runs.map((run) => (
                <FeedItem key={run.runId} run={run} />
              ))}
            </ul>
          )
        }
      </Pending>
    </Section>
  );
}

function FeedItem({ run }: { run: RunSummary }) {
  const { shape, word } = runMark(run);
  return (
    <li data-row="">
      <ShapeIcon shape={shape} />
      <Link to="/runs/$runId" params={{ runId: run.runId }} className="feed-link">
        <span>{run.runnerName ?? sayRunKind(run)}</span>
        <span className="quiet">
          <span className="visually-hidden">{word}: </span>
          {whatItDid(run)}
        </span>
      </Link>
      <span className="quiet">
        <Ago at={run.startedAt} />
      </span>
    </li>
  );
}

function whatItDid(run: RunSummary): string {
  if (run.isWorkflow) return workflowDid(run);
  if (run.filesFailed > 0) return `${sayAmount(run.filesFailed, 'file')} failed`;
  const instead = withoutFiles(run);
  if (instead !== undefined)
    return instead === '–' ? sayName(run.syncType) : `${sayName(run.syncType)}, ${instead}`;
  return run.status === 'running'
    ? `archiving ${sayAmount(run.filesNeeded, 'file')}`
    : `${sayAmount(run.filesArchived, 'file')} archived`;
}

function workflowDid(run: RunSummary): string {
  const { word } = runMark(run);
  if (run.errorTag !== null) return `${word}: ${run.errorTag}`;
  if (run.recordsIn === null && run.recordsOut === null) return word;
  return `${sayCount(run.recordsIn ?? 0)} records in, ${sayCount(run.recordsOut ?? 0)} out`;
}
