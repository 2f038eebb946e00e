import type { RunSummary } from '../../../shared/contract/fleet.ts';

type Counted = Pick<RunSummary, 'syncType' | 'status' | 'filesNeeded' | 'filesArchived'>;

/** What is said instead of counts of files while there are none; undefined: the counts tell. */
export function withoutFiles(run: Counted): 'looking' | 'nothing to do' | '–' | undefined {
  if (run.filesNeeded > 0 || run.filesArchived > 0) return undefined;
  if (run.syncType !== 'file_sync') return '–';
  return run.status === 'running' ? 'looking' : 'nothing to do';
}
