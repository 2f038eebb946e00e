import { reconcileCursor, firstCursor, reconcilePayload } from './state.ts';
import { cursorWork, type SlicedWork } from '../../workflows/index.ts';
import { lookAtAbsent } from './absent.ts';
import { removeMissing } from './remove.ts';
import { walkShare } from './walk.ts';

export const RECONCILE_SYNC_TYPE = 'reconcile';

/**
 * Repopulates a job's state index from listings of its share (SPEC F9). Never deletes from the share; removes index
 * rows only when asked, only after the whole walk, and never when the share looks emptied.
 */
export const reconcileWork: SlicedWork = cursorWork({
  syncType: RECONCILE_SYNC_TYPE,
  runSlice: async (context, stored) => {
    const payload = reconcilePayload.parse(context.run.payload);
    const cursor = stored === undefined ? firstCursor : reconcileCursor.parse(stored);
    switch (cursor.phase) {
      case 'list':
        return await walkShare(context, payload, cursor);
      case 'absent':
        return await lookAtAbsent(context, payload, cursor);
      case 'remove':
        return await removeMissing(context, payload, cursor);
    }
  },
});
