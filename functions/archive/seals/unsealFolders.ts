import type { Services } from '../../platform/services.ts';
import { writeContext } from '../../platform/runs/index.ts';
import { type Decision, recordDecision } from '../decision.ts';
import { withIndexLock } from '../stateIndex.ts';
import { type Folder, markChanged } from '../store/folders.ts';
import { breakSeals, folderSubject } from './breakSeals.ts';

export interface WantedUnseal {
  readonly jobId: string;
  readonly folders: readonly (Folder & { readonly reason: string })[];
  readonly decision: Decision;
}

/**
 * Unseals folders: agents look at every file of them again, and only a proof by a run begun 24 h or more later seals them
 * anew. Each has its event and its line in the audit log. Gives how many were sealed; repeating it changes nothing.
 */
export async function unsealFolders(services: Services, wanted: WantedUnseal): Promise<number> {
  const { jobId, folders, decision } = wanted;
  const context = writeContext(services);
  const reasons = new Map(folders.map(({ folderKey, reason }) => [folderKey.toString('hex'), reason]));
  const reasonOf = ({ folderKey }: Folder) => reasons.get(folderKey.toString('hex')) ?? '';
  return services.database.transaction((db) =>
    withIndexLock(db, jobId, async (tx) => {
      const broken = await breakSeals(tx, jobId, folders, reasonOf, context);
      await markChanged(tx, jobId, broken, context.at);
      for (const folder of broken) {
        const subjectId = folderSubject(jobId, folder);
        const detail = { jobId, folder: folder.folder, reason: reasonOf(folder) };
        await recordDecision(
          tx,
          decision,
          { action: 'folder.unsealed', subjectType: 'folder', subjectId, detail },
          context,
        );
      }
      return broken.length;
    }),
  );
}
