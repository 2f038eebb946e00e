import { expect, it } from 'vitest';
import type { RunStatus } from './runStatus.ts';
import { adviceOnWorkflow } from './workflowAdvice.ts';

const STATUSES: readonly RunStatus[] = [
  'running',
  'paused',
  'complete',
  'partial',
  'failed',
  'stale',
  'terminated',
];

it('O4 there is advice on every status of a workflow, and none speaks of agents or of what was archived', () => {
  const onEnd = STATUSES.map((status) => adviceOnWorkflow({ status, statusReason: null, ended: true }));
  const onTheWay = [
    adviceOnWorkflow({ status: 'failed', statusReason: null, ended: false }),
    adviceOnWorkflow({ status: 'stale', statusReason: 'never started: due at 02:00', ended: true }),
    adviceOnWorkflow({ status: 'stale', statusReason: 'skipped: the cycle before it', ended: true }),
  ];
  const all = [...onEnd, ...onTheWay];
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((advice) => /agent|archived|\bPC\b/.test(advice))).toEqual([]);
});
