import { fleet } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { Empty } from '../../parts/Empty.tsx';
import { EnrolCommand } from '../../parts/EnrolCommand.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { FleetTotals } from './FleetTotals.tsx';
import { IncidentList } from './IncidentList.tsx';
import { NewestChanges } from './NewestChanges.tsx';
import { NewestRuns } from './NewestRuns.tsx';
import { RiskSentence } from './RiskSentence.tsx';
import { RunnerCard } from './RunnerCard.tsx';
import type { FleetAnswer } from './fleetAnswer.ts';

/** Answers one question: is anything at risk? */
export function OverviewPage() {
  const answer = useAnswer(fleet, {});
  return (
    <Pending query={answer} doing="Asking how the instruments are">
      {(data) => <Overview data={data} />}
    </Pending>
  );
}

function Overview({ data }: { data: FleetAnswer }) {
  return (
    <>
      <RiskSentence risk={data.risk} runners={data.runners} />
      <FleetTotals data={data} />
      <div className="overview">
        <Section title="Instruments" className="overview-fleet">
          <Instruments data={data} />
        </Section>
        <IncidentList />
        <NewestRuns />
        <NewestChanges />
      </div>
    </>
  );
}

function Instruments({ data }: { data: FleetAnswer }) {
  if (data.runners.length === 0)
    return (
      <Empty title="No instrument is connected yet.">
        <EnrolCommand />
      </Empty>
    );
  return (
    <ul className="cards">
      {data.runners.map((runner) => (
        <RunnerCard
          key={runner.runnerId}
          runner={runner}
          hours={data.archivedPerHour.find((row) => row.runnerId === runner.runnerId)?.hours ?? []}
        />
      ))}
    </ul>
  );
}
