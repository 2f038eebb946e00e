import type { PurgeForecastView } from '../../../shared/contract/operations.ts';
import { sayLeft } from '../format/time.ts';
import { Bar } from './Bar.tsx';

const HOUR_MS = 3_600_000;

/** The time until the instrument deletes something unarchived, and how much of it the backlog needs. */
export function PurgeBar({ name, forecast }: { name: string; forecast: PurgeForecastView }) {
  if (forecast.hoursLeft === null) return null;
  const leftMs = Math.max(0, forecast.hoursLeft * HOUR_MS);
  const needMs = (forecast.needSeconds ?? 0) * 1000;
  const share = leftMs === 0 ? 1 : needMs / leftMs;
  const left = leftText(leftMs, forecast.isAtRisk);
  const need = forecast.needSeconds === null ? '' : `backlog needs ${sayLeft(needMs)}`;
  return (
    <div className="purge-bar" title={forecast.sentence}>
      <Bar
        label={`Time that the backlog of ${name} needs of the time left`}
        // A backlog that takes minutes of days is still to be seen.
        value={Math.max(2, Math.min(100, share * 100))}
        max={100}
        tone={forecast.isAtRisk ? 'bad' : share > 0.3 ? 'warn' : 'calm'}
        text={need === '' ? left : `${left}; ${need}`}
      />
      <span className="gauge-text">
        <span className={forecast.isAtRisk ? 'bad-text' : ''}>{left}</span>
        <span className="quiet">{need}</span>
      </span>
    </div>
  );
}

function leftText(leftMs: number, isAtRisk: boolean): string {
  if (leftMs === 0) return 'Files are being lost now';
  return isAtRisk ? `${sayLeft(leftMs)} until files are lost` : `No loss for ${sayLeft(leftMs)}`;
}
