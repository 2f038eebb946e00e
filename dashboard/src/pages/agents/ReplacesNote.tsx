import type { PendingAgent } from '../../../../shared/contract/pendingAgents.ts';
import { Ago } from '../../parts/Ago.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

type Replaced = Pick<NonNullable<PendingAgent['replaces']>, 'name' | 'lastHeartbeatAt'>;

/** Approving would end another agent's rights. */
export function ReplacesNote({ replaces }: { replaces: Replaced }) {
  return (
    <div className="note note-warn">
      <ShapeIcon shape="warn" />
      <div>
        <strong>Takes the place of {replaces.name}.</strong> The present agent of {replaces.name}, last heard
        of <Ago at={replaces.lastHeartbeatAt} />, loses its rights at once. Right after a PC was rebuilt;
        wrong while the old one still measures.
      </div>
    </div>
  );
}
