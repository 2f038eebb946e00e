import type { JobView, RunnerView } from '../../../../shared/contract/fleet.ts';
import { useMay } from '../../app/session.ts';
import { sayAmount, sayCount, saySize } from '../../format/amount.ts';
import { jobMark, runMarks } from '../../format/marks.ts';
import { sayDuration } from '../../format/time.ts';
import { Ago } from '../../parts/Ago.tsx';
import { type Fact, Facts } from '../../parts/Facts.tsx';
import { SourceGauge } from '../../parts/SourceGauge.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { RunLink } from '../../parts/RunLink.tsx';
import { FoldersFact } from './FoldersFact.tsx';
import { JobActions } from './JobActions.tsx';
import { JobForecast } from './JobForecast.tsx';

/** One job: how its source stands, what waits, and what can be done about it. */
export function JobCard({ runner, job }: { runner: RunnerView; job: JobView }) {
  const mayOperate = useMay('operator');
  return (
    <article className="card job" aria-label={`Job ${job.name}`}>
      <div className="job-head">
        <h3>{job.name}</h3>
        <StatusMark mark={jobMark(job)} />
        {mayOperate ? <JobActions runner={runner} job={job} /> : null}
      </div>
      <p className="job-path">
        <code>{job.sourcePath}</code>
        <span className="quiet"> → </span>
        <code>
          {job.shareName}
          {job.sharePath === '' ? '' : `/${job.sharePath}`}
        </code>
      </p>
      {job.pausedReason === null ? null : <p className="note note-warn">Paused: {job.pausedReason}</p>}
      {job.risk.level === 'safe' ? null : <p>{job.risk.sentence}</p>}
      <SourceGauge job={job} />
      <JobForecast runner={runner} job={job} />
      <Facts className="facts-row" facts={factsOf(runner, job)} />
    </article>
  );
}

function factsOf(runner: RunnerView, job: JobView): Fact[] {
  return [
    ['Backlog', backlogText(job)],
    ['Oldest unarchived', <Ago key="oldest" at={job.oldestUnsyncedAt} otherwise="none" />],
    ['Archived', `${sayCount(job.archivedCount)} · ${saySize(job.archivedBytes)}`],
    ['Last run', lastRun(job)],
    ['Last good run', <Ago key="good" at={job.lastGoodRunAt} />],
    ['Every', sayDuration(job.scheduleSeconds * 1000)],
    ['Source reported', <Ago key="reported" at={job.sourceReportedAt} />],
    ['Takes', selection(job)],
    ['Folders', <FoldersFact key="folders" runner={runner} job={job} />],
  ];
}

function backlogText(job: JobView): string {
  if (job.backlogCount === null) return 'not reported yet';
  if (job.backlogCount === 0) return 'nothing waits';
  return `${sayAmount(job.backlogCount, 'file')}${job.backlogBytes === null ? '' : `, ${saySize(job.backlogBytes)}`}`;
}

function lastRun(job: JobView) {
  if (job.lastRun === null) return <span className="quiet">none yet</span>;
  return (
    <RunLink runId={job.lastRun.runId}>
      {runMarks[job.lastRun.status].word}, <Ago at={job.lastRun.endedAt ?? job.lastRun.startedAt} />
    </RunLink>
  );
}

function selection(job: JobView): string {
  const include = job.include.length === 0 ? 'every file' : job.include.join(', ');
  return job.exclude.length === 0 ? include : `${include}; not ${job.exclude.join(', ')}`;
}
