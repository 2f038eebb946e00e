import type { RunSummary } from '../../../shared/contract/fleet.ts';
import { sayName } from './ids.ts';
import { type Mark, runMarks } from './marks.ts';

const PAST_MS = 7 * 24 * 3_600_000;

/** The kind of a run: a workflow's name stays as it is, as people search for it; others are said in words. */
export function sayRunKind({ syncType, isWorkflow }: Pick<RunSummary, 'syncType' | 'isWorkflow'>): string {
  return isWorkflow ? syncType : sayName(syncType);
}

type Lived = Pick<RunSummary, 'status' | 'isWorkflow' | 'startedAt' | 'endedAt'>;

/** A cycle that was due and never began: its row was written ended, so that it shows. */
export function neverStarted({ status, isWorkflow, startedAt, endedAt }: Lived): boolean {
  return isWorkflow && status === 'stale' && endedAt === startedAt;
}

/** The status of a run; a stale one that never began says so. */
export function runMark(run: Lived): Mark {
  return neverStarted(run) ? { shape: 'warn', word: 'Never started' } : runMarks[run.status];
}

/** Older than a week: still there, and dimmed. */
export function isPast({ startedAt }: Pick<RunSummary, 'startedAt'>, nowMs: number): boolean {
  return nowMs - Date.parse(startedAt) > PAST_MS;
}

/** What started it: `schedule`, `olga@example.org`, `its agent`. */
export function sayStarter({ trigger, triggeredBy }: Pick<RunSummary, 'trigger' | 'triggeredBy'>): string {
  if (triggeredBy !== null) return triggeredBy;
  if (trigger === 'cron') return 'schedule';
  return trigger === 'agent' ? 'its agent' : 'a person';
}
