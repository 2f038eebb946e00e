import { Link } from '@tanstack/react-router';
import type { WorkflowKind } from '../../../../shared/contract/workflows.ts';
import { sayCount } from '../../format/amount.ts';
import { neverBegan, runMark } from '../../format/runWords.ts';
import { saySchedule } from '../../format/schedule.ts';
import { Ago, Took } from '../../parts/Ago.tsx';
import { type Fact, Facts } from '../../parts/Facts.tsx';
import { RunLink } from '../../parts/RunLink.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { MissingSettings } from './MissingSettings.tsx';
import { WorkflowActions } from './WorkflowActions.tsx';

/** One workflow; the last run says how it goes. */
export function WorkflowCard({ kind }: { kind: WorkflowKind }) {
  const missing = kind.missingSettings.length > 0;
  return (
    <li className="card workflow" data-row="">
      <div className="workflow-head">
        <h2>
          <Link to="/runs" search={{ type: kind.name }} className="card-name" title="All its runs">
            {kind.name}
          </Link>
        </h2>
        {kind.lastRun === null ? null : <StatusMark mark={runMark(kind.lastRun)} />}
      </div>
      <p className="quiet">{kind.summary}</p>
      {missing ? <MissingSettings names={kind.missingSettings} /> : null}
      <Facts className="facts-row" facts={factsOf(kind)} />
      {missing ? null : <WorkflowActions kind={kind} />}
    </li>
  );
}

function factsOf(kind: WorkflowKind): Fact[] {
  return [
    ['Runs', <Schedule key="schedule" kind={kind} />],
    ['Last run', kind.lastRun === null ? 'never' : <LastRun key="last" run={kind.lastRun} />],
    ['At once', kind.exclusive ? 'one run at a time' : 'several runs may go on at once'],
  ];
}

function Schedule({ kind: { schedule, nextDueAt, missingSettings } }: { kind: WorkflowKind }) {
  if (schedule === null) return 'when somebody starts it';
  return (
    <span title={`${schedule} (seconds, minutes, hours, days, months, weekdays; UTC)`}>
      {saySchedule(schedule)}
      {nextDueAt === null || missingSettings.length > 0 ? null : (
        <span className="under">
          next <Ago at={nextDueAt} />
        </span>
      )}
    </span>
  );
}

function LastRun({ run }: { run: NonNullable<WorkflowKind['lastRun']> }) {
  return (
    <>
      <RunLink runId={run.runId}>
        <Ago at={run.startedAt} />
      </RunLink>
      {neverBegan(run) ? null : (
        <>
          , {run.endedAt === null ? 'running for ' : 'took '}
          <Took from={run.startedAt} to={run.endedAt} />
        </>
      )}
      {run.errorTag === null ? null : <span className="under">{run.errorTag}</span>}
      {run.recordsIn === null ? null : (
        <span className="under">
          {sayCount(run.recordsIn)} in · {sayCount(run.recordsOut ?? 0)} out
        </span>
      )}
    </>
  );
}
