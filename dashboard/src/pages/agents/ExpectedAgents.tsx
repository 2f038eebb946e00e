import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { PendingAgent } from '../../../../shared/contract/pendingAgents.ts';
import { approveExpected } from '../../../../shared/contract/seeding.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';

/** The endpoint takes so many at once. */
const MOST = 200;

interface ExpectedProps {
  readonly agents: readonly PendingAgent[];
}

/** After a rebuild: lets in together the agents that seeded instruments wait for. */
export function ExpectedAgents({ agents }: ExpectedProps) {
  const [shown, setShown] = useState<readonly PendingAgent[]>();
  const expected = agents.filter((agent) => agent.isExpected).slice(0, MOST);
  if (expected.length === 0) return null;
  const count = sayAmount(expected.length, 'agent');
  return (
    <div className="note">
      <div>
        <strong>Seeded instruments wait for {count} of these.</strong>
        <div className="actions">
          {/* What is decided on is what was shown: who asks meanwhile is not among them. */}
          <Button onClick={() => setShown(expected)}>Approve {count}…</Button>
        </div>
      </div>
      {shown === undefined ? null : (
        <ApproveExpectedDialog agents={shown} onClose={() => setShown(undefined)} />
      )}
    </div>
  );
}

function ApproveExpectedDialog({ agents, onClose }: ExpectedProps & { onClose: () => void }) {
  const { notices } = useServices();
  const action = useAction(approveExpected);
  const approve = () =>
    action.mutate(
      { body: { enrolmentIds: agents.map((agent) => agent.enrolmentId) } },
      {
        onSuccess: ({ approved, left }) => {
          const rest = left.length === 0 ? '' : ` ${sayAmount(left.length, 'other')} wait for a decision.`;
          notices.say(`${sayAmount(approved.length, 'agent')} let in.${rest}`);
          onClose();
        },
      },
    );
  const count = sayAmount(agents.length, 'agent');
  return (
    <AskDialog
      title={`Approve ${count}?`}
      confirm={`Approve ${count}`}
      confirmDisabled={action.isPending}
      onConfirm={approve}
      onClose={onClose}
    >
      <p>Compare the codes with those on the instruments’ screens. Nobody loses a place by this.</p>
      <ul>
        {agents.map((agent) => (
          <li key={agent.enrolmentId}>
            <code>{agent.pairingCode}</code> {agent.hostName} at {agent.address}, as {agent.requestedRunnerId}
          </li>
        ))}
      </ul>
      <ErrorNote error={action.error} doing="Approving" />
    </AskDialog>
  );
}
