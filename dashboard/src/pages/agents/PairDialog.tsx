import { Field, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { fleet } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { ReplacesNote } from './ReplacesNote.tsx';
import type { AgentDialogProps } from './ApproveDialog.tsx';
import { useApproval } from './useApproval.ts';

/** Lets an agent in as an instrument that exists: a rebuilt or replaced PC. */
export function PairDialog({ agent, onClose }: AgentDialogProps) {
  const [chosenId, setChosenId] = useState('');
  const approval = useApproval(agent, onClose);
  const runners = useAnswer(fleet, {}).data?.runners ?? [];
  const chosen = runners.find((runner) => runner.runnerId === chosenId);
  return (
    <AskDialog
      title={`Which instrument is ${agent.hostName}?`}
      confirm={chosen === undefined ? 'Pair' : `Pair and replace the agent of ${chosen.name}`}
      confirmDisabled={chosen === undefined || approval.isPending}
      onConfirm={() => approval.approve({ runnerId: chosenId })}
      onClose={onClose}
    >
      <p>
        It takes over that instrument’s jobs, share and history. Its code:{' '}
        <code className="code-large">{agent.pairingCode}</code>
      </p>
      <Field label="Instrument">
        <Select value={chosenId} onChange={(_, data) => setChosenId(data.value)}>
          <option value="">Choose …</option>
          {runners.map((runner) => (
            <option key={runner.runnerId} value={runner.runnerId}>
              {runner.name}
            </option>
          ))}
        </Select>
      </Field>
      {chosen === undefined ? null : <ReplacesNote replaces={chosen} />}
      <ErrorNote error={approval.error} doing="Pairing" />
    </AskDialog>
  );
}
