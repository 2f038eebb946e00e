import { quotas, timers } from '../../../../shared/contract/operations.ts';
import { useAnswer } from '../../app/answers.ts';
import { OperationsTabs } from '../../parts/OperationsTabs.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { QuotaList } from './QuotaList.tsx';
import { TimerTable } from './TimerTable.tsx';
import { sayTimers } from './timerWords.ts';

const EVERY_MS = 10_000;

/** Does the platform do its own work: are its timers on time, and has it room? */
export function OperationsPage() {
  const space = useAnswer(quotas, {}, { everyMs: EVERY_MS });
  const work = useAnswer(timers, {}, { everyMs: EVERY_MS });
  return (
    <>
      <PageHead title="Operations" lead="Whether the platform does its own work, and how much room it has." />
      <OperationsTabs />
      <Section title="Space" id="space">
        <Pending query={space} doing="Loading how full things are">
          {(data) => <QuotaList quotas={data.quotas} />}
        </Pending>
      </Section>
      <Section title="Timers" id="timers">
        <Pending query={work} doing="Loading the timers">
          {(data) => (
            <>
              <p className="section-lead">{sayTimers(data.timers)}</p>
              <TimerTable timers={data.timers} />
            </>
          )}
        </Pending>
      </Section>
    </>
  );
}
