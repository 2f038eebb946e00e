import type { Db } from '../database/index.ts';
import type { WriteContext } from './writing.ts';

export interface StateChange {
  readonly organizationId: string;
  readonly subjectType: 'run' | 'runner' | 'job' | 'folder' | 'alert' | 'enrolment';
  readonly subjectId: string;
  /** Null when the subject is new. */
  readonly oldState: string | null;
  readonly newState: string;
  readonly reason: string;
}

/** Records that something changed its state: history, alerts and statistics read these rows. Part of the caller's transaction. */
export async function recordStateChange(db: Db, change: StateChange, context: WriteContext): Promise<void> {
  await db
    .insertInto('state_changes')
    .values({
      id: context.newId(),
      organization_id: change.organizationId,
      subject_type: change.subjectType,
      subject_id: change.subjectId,
      old_state: change.oldState,
      new_state: change.newState,
      reason: change.reason,
      created_at: context.at,
    })
    .execute();
}
