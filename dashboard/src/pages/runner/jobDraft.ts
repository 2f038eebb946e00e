import type { BodyOf } from '../../../../shared/contract/endpoint.ts';
import { type JobView, updateJob } from '../../../../shared/contract/fleet.ts';
import { linesOf } from '../../format/lines.ts';

/** A job's settings as they stand in the form's fields. */
export interface JobDraft {
  readonly scheduleSeconds: string;
  readonly sourceCap: string;
  readonly include: string;
  readonly exclude: string;
}

export function draftOf(job: JobView): JobDraft {
  return {
    scheduleSeconds: String(job.scheduleSeconds),
    sourceCap: job.sourceCap === null ? '' : String(job.sourceCap),
    include: job.include.join('\n'),
    exclude: job.exclude.join('\n'),
  };
}

/** What to send for a draft; an empty cap takes the cap away. */
export function jobChange(draft: JobDraft): BodyOf<typeof updateJob> {
  return {
    scheduleSeconds: Number(draft.scheduleSeconds),
    sourceCap: draft.sourceCap.trim() === '' ? null : Number(draft.sourceCap),
    include: linesOf(draft.include),
    exclude: linesOf(draft.exclude),
  };
}

const fieldNames: Record<string, string> = {
  scheduleSeconds: 'The schedule',
  sourceCap: 'The cap',
  include: 'A pattern to take',
  exclude: 'A pattern to leave out',
};

/** The first thing that the contract would refuse, in a sentence; undefined when it would be taken. */
export function draftFault(draft: JobDraft): string | undefined {
  const parsed = updateJob.body.safeParse(jobChange(draft));
  if (parsed.success) return undefined;
  const fault = parsed.error.issues[0];
  const field = String(fault?.path[0] ?? '');
  return `${fieldNames[field] ?? field} is not possible: ${fault?.message ?? ''}.`;
}
