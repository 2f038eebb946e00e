import { expect, it } from 'vitest';
import { withoutFiles } from './runWork.ts';

const run = { syncType: 'file_sync', status: 'complete', filesNeeded: 0, filesArchived: 0 } as const;

it('O4 a run that still compares has not said that there is nothing to do', () => {
  expect(withoutFiles({ ...run, status: 'running' })).toBe('looking');
  expect(withoutFiles(run)).toBe('nothing to do');
  expect(withoutFiles({ ...run, filesNeeded: 1, filesArchived: 1 })).toBeUndefined();
  expect(withoutFiles({ ...run, filesArchived: 1 })).toBeUndefined();
});

it('O4 counts of files say nothing of a run that syncs none', () => {
  expect(withoutFiles({ ...run, syncType: 'reconcile' })).toBe('–');
});
