import type { JobView } from '../../../shared/contract/fleet.ts';
import { percentOf, sayAmount, sayCount, saySize } from '../format/amount.ts';
import { Bar } from './Bar.tsx';

/** How full a source is: the instrument deletes its oldest files when the count passes the cap. */
export function SourceGauge({ job }: { job: JobView }) {
  if (job.sourceCount === null) return <p className="quiet">The agent has not reported its source yet.</p>;
  if (job.sourceCap === null)
    return (
      <p>
        {sayAmount(job.sourceCount, 'file')}
        {job.sourceBytes === null ? '' : `, ${saySize(job.sourceBytes)}`}
        <span className="quiet">; no cap is known, so nothing says when the source deletes.</span>
      </p>
    );
  const text = `${sayCount(job.sourceCount)} of ${sayCount(job.sourceCap)} files on the source`;
  return (
    <div className="gauge">
      <Bar
        label={`Source of ${job.name}`}
        value={job.sourceCount}
        max={job.sourceCap}
        tone={tone(job)}
        text={text}
      />
      <p className="gauge-text">
        <span>{text}</span>
        <span className="quiet">{headroom(job.sourceCount, job.sourceCap)}</span>
      </p>
    </div>
  );
}

/** A full source is how an instrument always looks; it warns only while files wait on it. */
function tone(job: JobView): 'calm' | 'warn' | 'bad' {
  if (job.risk.level === 'danger') return 'bad';
  return job.risk.level === 'attention' && percentOf(job.sourceCount ?? 0, job.sourceCap ?? 0) > 80
    ? 'warn'
    : 'calm';
}

function headroom(count: number, cap: number): string {
  return count >= cap
    ? 'at its cap: each new file deletes the oldest'
    : `${sayCount(cap - count)} to its cap`;
}
