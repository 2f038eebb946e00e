import { Link } from '@tanstack/react-router';
import type { JobView, RunnerView, RunSummary } from '../../../../shared/contract/fleet.ts';
import { sayAmount, sayCount, saySize } from '../../format/amount.ts';
import { presenceMarks, riskMarks, runMarks } from '../../format/marks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Bar } from '../../parts/Bar.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { PurgeBar } from '../../parts/PurgeBar.tsx';
import { Sparkline } from '../../parts/Sparkline.tsx';
import { ShapeIcon, StatusMark } from '../../parts/StatusMark.tsx';
import { totalsOf } from './fleetAnswer.ts';
import { nearestPurge } from './nearestPurge.ts';

/** One instrument: is it safe, what waits, when was it last heard of. */
export function RunnerCard({ runner, hours }: { runner: RunnerView; hours: readonly number[] }) {
  const totals = totalsOf(runner);
  const purge = nearestPurge([runner]);
  const calm = runner.risk.level === 'safe';
  return (
    <li className={`card runner-card level-${runner.risk.level}`} data-row="">
      <div className="runner-card-head">
        <h3>
          <Link to="/runners/$runnerId" params={{ runnerId: runner.runnerId }} className="card-link">
            {runner.name}
          </Link>
        </h3>
        <StatusMark mark={riskMarks[runner.risk.level]} detail={runner.risk.sentence} />
      </div>
      {calm ? null : <p className="runner-card-risk">{runner.risk.sentence}</p>}
      <Sparkline hours={hours} label={`Archived by ${runner.name}`} />
      {purge === undefined ? (
        <SourceLevel jobs={runner.jobs} />
      ) : (
        <PurgeBar name={runner.name} forecast={purge.job.forecast} />
      )}
      <Facts
        facts={[
          ['Backlog', backlogText(totals.backlogCount, totals.backlogBytes)],
          ['Last run', <LastRun key="run" run={totals.lastRun} />],
          ['Heartbeat', <Presence key="heartbeat" runner={runner} />],
          ['Version', runner.agentVersion ?? '–'],
        ]}
      />
    </li>
  );
}

function backlogText(count: number | null, sizeBytes: number): string {
  if (count === null) return 'not reported yet';
  return count === 0 ? 'nothing waits' : `${sayAmount(count, 'file')}, ${saySize(sizeBytes)}`;
}

function LastRun({ run }: { run: RunSummary | null }) {
  if (run === null) return <span className="quiet">none yet</span>;
  return (
    <Link to="/runs/$runId" params={{ runId: run.runId }} className="link">
      {runMarks[run.status].word}, <Ago at={run.endedAt ?? run.startedAt} />
    </Link>
  );
}

function Presence({ runner }: { runner: RunnerView }) {
  const { shape, word } = presenceMarks[runner.presence];
  return (
    <span className="status-mark" title={word}>
      <ShapeIcon shape={shape} size={12} />
      <Ago at={runner.lastHeartbeatAt} />
      <span className="visually-hidden"> ({word})</span>
    </span>
  );
}

/** The fullest source with a cap: the level at which its instrument begins to delete. */
function SourceLevel({ jobs }: { jobs: readonly JobView[] }) {
  const capped = jobs.flatMap((job) =>
    job.sourceCap === null || job.sourceCount === null
      ? []
      : [{ name: job.name, count: job.sourceCount, cap: job.sourceCap, level: job.risk.level }],
  );
  const fullest = capped.toSorted((a, b) => b.count / b.cap - a.count / a.cap)[0];
  if (fullest === undefined) return null;
  const text = `${sayCount(fullest.count)} of ${sayCount(fullest.cap)} files on the source`;
  return (
    <div
      className="source-level"
      title={`${fullest.name}: ${text}; beyond it the instrument deletes its oldest`}
    >
      <Bar
        label={`Source of ${fullest.name}`}
        value={fullest.count}
        max={fullest.cap}
        tone={fullest.level === 'danger' ? 'bad' : fullest.level === 'attention' ? 'warn' : 'calm'}
        text={text}
      />
      <span className="quiet">{text}</span>
    </div>
  );
}
