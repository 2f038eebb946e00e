import type { RunSummary } from '../../../shared/contract/fleet.ts';
import { runMark } from '../format/runWords.ts';
import { ShapeIcon } from './StatusMark.tsx';

/** What the server advises to do about a run, and why the run is as it is. */
export function Advice({ run, advice }: { run: RunSummary; advice: string }) {
  const { shape } = runMark(run);
  const tone = shape === 'bad' ? 'note-bad' : shape === 'warn' ? 'note-warn' : '';
  return (
    <div className={`note ${tone}`} aria-live="polite">
      <ShapeIcon shape={shape} />
      <div>
        {advice}
        {run.statusReason === null ? null : <span className="block quiet">{run.statusReason}</span>}
      </div>
    </div>
  );
}
