import type { Style } from './layout.ts';

/** One colour for a status wherever it stands: of runs and of steps. */
export function statusStyle(status: string): Style | undefined {
  if (status === 'complete') return 'green';
  if (status === 'running') return 'cyan';
  if (status === 'paused' || status === 'partial' || status === 'stale') return 'yellow';
  return status === 'pending' ? 'dim' : 'red';
}
