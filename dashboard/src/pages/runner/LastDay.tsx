import { fleet, type RunnerView } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { sayAmount } from '../../format/amount.ts';
import { Section } from '../../parts/Section.tsx';
import { Sparkline } from '../../parts/Sparkline.tsx';

/** Files archived in each of the last 24 hours. */
export function LastDay({ runner }: { runner: RunnerView }) {
  const answer = useAnswer(fleet, {});
  const hours = answer.data?.archivedPerHour.find((row) => row.runnerId === runner.runnerId)?.hours;
  if (hours === undefined || hours.every((count) => count === 0)) return null;
  const total = hours.reduce((sum, count) => sum + count, 0);
  const peak = Math.max(...hours);
  return (
    <Section title="Archived in 24 hours">
      <figure className="card last-day">
        <Sparkline hours={hours} label={`Archived by ${runner.name}`} height={96} />
        <figcaption>
          <span>24 h ago</span>
          <span>
            {sayAmount(total, 'file')}, at most {sayAmount(peak, 'file')} an hour
          </span>
          <span>now</span>
        </figcaption>
      </figure>
    </Section>
  );
}
