import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import type { PendingAgent } from '../../../../shared/contract/pendingAgents.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { ReplacesNote } from './ReplacesNote.tsx';
import { useApproval } from './useApproval.ts';

export interface AgentDialogProps {
  readonly agent: PendingAgent;
  readonly onClose: () => void;
}

/** Lets an agent in as what it asks to be. */
export function ApproveDialog({ agent, onClose }: AgentDialogProps) {
  const [name, setName] = useState(agent.replaces?.name ?? agent.hostName);
  const approval = useApproval(agent, onClose);
  const asNew = agent.requestedRunnerId === null;
  return (
    <AskDialog
      title={`Approve ${agent.hostName}?`}
      confirm={agent.replaces === null ? `Approve ${name}` : `Approve and replace ${agent.replaces.name}`}
      confirmDisabled={name.trim() === '' || approval.isPending}
      onConfirm={() => approval.approve({ ...(asNew ? { name: name.trim() } : {}) })}
      onClose={onClose}
    >
      <p>
        Compare the code with the one on the instrument’s screen:{' '}
        <code className="code-large">{agent.pairingCode}</code>
      </p>
      {agent.replaces === null ? null : <ReplacesNote replaces={agent.replaces} />}
      {asNew ? (
        <Field label="Name of the instrument">
          <Input value={name} maxLength={200} onChange={(_, data) => setName(data.value)} />
        </Field>
      ) : null}
      <p>It may then write to its own share and to nothing else, until it is replaced or disabled.</p>
      <ErrorNote error={approval.error} doing="Approving" />
    </AskDialog>
  );
}
