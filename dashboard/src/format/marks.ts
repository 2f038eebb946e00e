import type { z } from 'zod';
import type { CheckResult } from '../../../shared/contract/audit.ts';
import type {
  alertView,
  Risk,
  RunFile,
  RunnerView,
  runStatus,
  stepStatus,
} from '../../../shared/contract/fleet.ts';
import type { Outcome } from '../../../shared/domain/outcomes.ts';

/** A state has a shape of its own, so that it is told apart without colour. */
export type Shape = 'good' | 'warn' | 'bad' | 'busy' | 'paused' | 'idle';

/** How a state is shown: its word and its shape. */
export interface Mark {
  readonly shape: Shape;
  readonly word: string;
}

const mark = (shape: Shape, word: string): Mark => ({ shape, word });

export type RunStatus = z.infer<typeof runStatus>;
export type StepStatus = z.infer<typeof stepStatus>;
export type AlertView = z.infer<typeof alertView>;

export const riskMarks: Record<Risk['level'], Mark> = {
  safe: mark('good', 'Safe'),
  attention: mark('warn', 'Attention'),
  danger: mark('bad', 'At risk'),
};

export const presenceMarks: Record<RunnerView['presence'], Mark> = {
  online: mark('good', 'Online'),
  late: mark('warn', 'Late'),
  offline: mark('bad', 'Offline'),
  never: mark('idle', 'Never seen'),
};

export const runMarks: Record<RunStatus, Mark> = {
  running: mark('busy', 'Running'),
  paused: mark('paused', 'Paused'),
  complete: mark('good', 'Complete'),
  partial: mark('warn', 'Partial'),
  failed: mark('bad', 'Failed'),
  stale: mark('warn', 'Stale'),
  terminated: mark('idle', 'Terminated'),
};

export const stepMarks: Record<StepStatus, Mark> = {
  pending: mark('idle', 'Pending'),
  running: mark('busy', 'Running'),
  complete: mark('good', 'Complete'),
  failed: mark('bad', 'Failed'),
  timed_out: mark('bad', 'Timed out'),
  error: mark('bad', 'Error'),
  not_implemented: mark('idle', 'Not part of this version'),
};

export const fileMarks: Record<RunFile['state'], Mark> = {
  waiting: mark('idle', 'Waiting'),
  uploading: mark('busy', 'Uploading'),
  archived: mark('good', 'Archived'),
  skipped: mark('warn', 'Skipped'),
  failed: mark('bad', 'Failed'),
};

export const checkMarks: Record<CheckResult['status'] | 'error', Mark> = {
  pass: mark('good', 'Pass'),
  warn: mark('warn', 'Warn'),
  fail: mark('bad', 'Fail'),
  error: mark('bad', 'The audit failed'),
};

export const severityMarks: Record<AlertView['severity'], Mark> = {
  info: mark('idle', 'Info'),
  warning: mark('warn', 'Warning'),
  critical: mark('bad', 'Critical'),
};

/** Outcomes that belong to every day: nobody has to look. */
const ordinary: ReadonlySet<string> = new Set<Outcome>([
  'still_writing',
  'changed_during_upload',
  'vanished_unfinished',
  'renamed',
]);

/** A file of a run: one that was skipped warns only where somebody may have to act. */
export function fileMark({ state, outcome }: Pick<RunFile, 'state' | 'outcome'>): Mark {
  return state === 'skipped' && ordinary.has(outcome)
    ? { ...fileMarks.skipped, shape: 'idle' }
    : fileMarks[state];
}

/** A job: paused and switched off come before its risk, as they are the cause. */
export function jobMark(job: { enabled: boolean; pausedReason: string | null; risk: Risk }): Mark {
  if (!job.enabled) return mark('paused', 'Switched off');
  if (job.pausedReason !== null) return mark('paused', 'Paused');
  return riskMarks[job.risk.level];
}
