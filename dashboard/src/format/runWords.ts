import type { RunSummary } from '../../../shared/contract/fleet.ts';
import { NEVER_STARTED, notStarted } from '../../../shared/domain/notStarted.ts';
import { sayName } from './ids.ts';
import { type Mark, runMarks } from './marks.ts';

const PAST_MS = 7 * 24 * 3_600_000;

/** The kind of a run: a workflow's name stays as it is, as people search for it; others are said in words. */
export function sayRunKind({ syncType, isWorkflow }: Pick<RunSummary, 'syncType' | 'isWorkflow'>): string {
  return isWorkflow ? syncType : sayName(syncType);
}

type Lived = Pick<RunSummary, 'status' | 'statusReason'>;

/** A cycle that was due and never began: its row stands there so that history has no gap. */
export function neverBegan(run: Lived): boolean {
  return notStarted(run) !== undefined;
}

/** The status of a run; a stale one that never began says so. */
export function runMark(run: Lived): Mark {
  const reason = notStarted(run);
  if (reason === undefined) return runMarks[run.status];
  return { shape: 'warn', word: reason === NEVER_STARTED ? 'Never started' : 'Skipped' };
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
