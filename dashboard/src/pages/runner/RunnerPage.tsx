import { getRouteApi, Link } from '@tanstack/react-router';
import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import { runner as runnerEndpoint } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { presenceMarks, riskMarks } from '../../format/marks.ts';
import { InFlightTable } from '../../parts/InFlightTable.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { ShapeIcon, StatusMark } from '../../parts/StatusMark.tsx';
import { JobCard } from './JobCard.tsx';
import { LastDay } from './LastDay.tsx';
import { RunnerFacts } from './RunnerFacts.tsx';
import { RunnerRuns } from './RunnerRuns.tsx';

const route = getRouteApi('/runners/$runnerId');

type RunnerAnswer = ResponseOf<typeof runnerEndpoint>;

/** One instrument: is it safe, what do its jobs do, what is on its way. */
export function RunnerPage() {
  const { runnerId } = route.useParams();
  const answer = useAnswer(runnerEndpoint, { params: { runnerId } });
  return (
    <Pending query={answer} doing="Loading the instrument">
      {(data) => <RunnerDetail data={data} />}
    </Pending>
  );
}

/** A seeded instrument has no PC yet that anybody knows of. */
function leadOf({ hostName, timeZone }: RunnerAnswer['runner']): string {
  return hostName === '' ? 'waits for its agent' : `${hostName} · ${timeZone}`;
}

function RunnerDetail({ data: { runner, inFlight } }: { data: RunnerAnswer }) {
  const { shape } = riskMarks[runner.risk.level];
  return (
    <>
      <PageHead title={runner.name} lead={leadOf(runner)}>
        <Link to="/alerts" search={{ runner: runner.runnerId }} className="link">
          Alerts
        </Link>
        <Link to="/logs" search={{ runner: runner.runnerId }} className="link">
          Logs
        </Link>
        <StatusMark mark={presenceMarks[runner.presence]} />
      </PageHead>
      <div className={`note risk-${runner.risk.level}`} aria-live="polite">
        <ShapeIcon shape={shape} size={20} />
        <div>
          <strong>{runner.risk.sentence}</strong>
          {runner.risk.action === null ? null : <span className="block">{runner.risk.action}</span>}
        </div>
      </div>
      <Section title={runner.jobs.length === 1 ? 'Job' : 'Jobs'}>
        {runner.jobs.map((job) => (
          <JobCard key={job.jobId} runner={runner} job={job} />
        ))}
        {runner.jobs.length === 0 ? (
          <p className="quiet">No job: this agent was approved with nothing to archive.</p>
        ) : null}
      </Section>
      <Section title="In flight">
        {inFlight.length === 0 ? (
          <p className="quiet">No file is on its way.</p>
        ) : (
          <InFlightTable files={inFlight} />
        )}
      </Section>
      <LastDay runner={runner} />
      <Section
        title="Runs"
        actions={
          <Link to="/runs" search={{ runner: runner.runnerId }} className="link">
            All runs of {runner.name}
          </Link>
        }
      >
        <RunnerRuns runner={runner} />
      </Section>
      <RunnerFacts runner={runner} />
    </>
  );
}
