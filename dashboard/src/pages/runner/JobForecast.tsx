import { type ComponentType, lazy, Suspense } from 'react';
import type { JobView, RunnerView } from '../../../../shared/contract/fleet.ts';
import { jobForecast } from '../../../../shared/contract/operations.ts';
import { useAnswer } from '../../app/answers.ts';
import { sayAmount, sayCount, saySize } from '../../format/amount.ts';
import { sayName } from '../../format/ids.ts';
import { sayLeft } from '../../format/time.ts';
import { Ago } from '../../parts/Ago.tsx';
import { type Fact, Facts } from '../../parts/Facts.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { PurgeBar } from '../../parts/PurgeBar.tsx';
import type { ForecastChartProps } from './ForecastChart.tsx';
import { type ForecastAnswer, forecastSeries } from './forecastSeries.ts';

const EVERY_MS = 15_000;
/** Comes after the words, being the larger and the less needed part; where it cannot be had the words stand alone. */
const ForecastChart = lazy<ComponentType<ForecastChartProps>>(async () => ({
  default: await import('./ForecastChart.tsx').then(
    (module) => module.ForecastChart,
    () => NoChart,
  ),
}));

function NoChart() {
  return <p className="quiet">The picture could not be fetched; load the page again to see it.</p>;
}

/** When this job's instrument deletes something unarchived: in words, as a bar and as a picture. */
export function JobForecast({ runner, job }: { runner: RunnerView; job: JobView }) {
  const params = { runnerId: runner.runnerId, jobId: job.jobId };
  const answer = useAnswer(jobForecast, { params }, { everyMs: EVERY_MS });
  return (
    <Pending query={answer} doing="Loading the forecast">
      {(data) => (
        <div className="forecast">
          <div className="forecast-words">
            <p>{data.forecast.sentence}</p>
            <PurgeBar name={job.name} forecast={data.forecast} />
            <Facts facts={factsOf(data)} className="facts-row" />
            <RecoveryPoints points={data.recoveryPoints} />
          </div>
          <Picture data={data} />
        </div>
      )}
    </Pending>
  );
}

function Picture({ data }: { data: ForecastAnswer }) {
  const series = forecastSeries(data);
  // One point is no curve.
  if (series.times.length < 2) return null;
  return (
    <Suspense fallback={<div className="forecast-chart" />}>
      <ForecastChart answer={data} series={series} />
    </Suspense>
  );
}

function factsOf({ forecast, sourceCap }: ForecastAnswer): Fact[] {
  const facts: Fact[] = [
    ['Instrument keeps', sourceCap === null ? 'not known' : sayAmount(sourceCap, 'file')],
  ];
  if (forecast.assumedPerHour !== null)
    facts.push(['Assumed to produce', `${sayCount(Math.round(forecast.assumedPerHour))} files an hour`]);
  if (forecast.needSeconds !== null) facts.push(['Backlog needs', sayLeft(forecast.needSeconds * 1000)]);
  if (forecast.purgeAt !== null) facts.push(['Next loss', <Ago key="purge" at={forecast.purgeAt} />]);
  return facts;
}

/** What would be gone now, by what is lost: an honest recovery point is never a claimed zero. */
function RecoveryPoints({ points }: { points: ForecastAnswer['recoveryPoints'] }) {
  if (points.length === 0) return null;
  return (
    <details>
      <summary>What would be gone if something were lost now</summary>
      <ul className="evidence">
        {points.map((point) => (
          <li key={point.loss}>
            <strong>{sayName(point.loss)}</strong>
            <span>{point.sentence}</span>
            <span className="quiet">
              {point.files === null ? '' : sayAmount(point.files, 'file')}
              {point.bytes === null ? '' : `, ${saySize(point.bytes)}`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
