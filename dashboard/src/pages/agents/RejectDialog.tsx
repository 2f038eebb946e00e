import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { rejectAgent } from '../../../../shared/contract/pendingAgents.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import type { AgentDialogProps } from './ApproveDialog.tsx';

/** Refuses an agent; it hears why. */
export function RejectDialog({ agent, onClose }: AgentDialogProps) {
  const [reason, setReason] = useState('');
  const { notices } = useServices();
  const action = useAction(rejectAgent);
  const reject = () =>
    action.mutate(
      { params: { enrolmentId: agent.enrolmentId }, body: reason === '' ? {} : { reason } },
      {
        onSuccess: () => {
          notices.say(`${agent.hostName} is rejected.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Reject ${agent.hostName}?`}
      confirm={`Reject ${agent.hostName}`}
      confirmDisabled={action.isPending}
      onConfirm={reject}
      onClose={onClose}
    >
      <p>This request ends and archives nothing. The agent can ask again with a new key.</p>
      <Field label="Why?" hint="Kept in the audit log.">
        <Input value={reason} maxLength={400} onChange={(_, data) => setReason(data.value)} />
      </Field>
      <ErrorNote error={action.error} doing="Rejecting" />
    </AskDialog>
  );
}
