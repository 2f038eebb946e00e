import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { PendingAgent } from '../../../../shared/contract/pendingAgents.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { ApproveDialog } from './ApproveDialog.tsx';
import { PairDialog } from './PairDialog.tsx';
import { RejectDialog } from './RejectDialog.tsx';
import { ReplacesNote } from './ReplacesNote.tsx';

type Opened = 'approve' | 'pair' | 'reject';

/** One agent that waits: who it says it is, and the code to compare. */
export function AgentCard({ agent }: { agent: PendingAgent }) {
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  return (
    <li className="card agent-card" data-row="">
      <div className="agent-head">
        <h2>{agent.hostName}</h2>
        <p className="pairing">
          <span className="quiet">Pairing code</span> <code>{agent.pairingCode}</code>
        </p>
      </div>
      {agent.replaces === null ? null : <ReplacesNote replaces={agent.replaces} />}
      <Facts facts={factsOf(agent)} />
      <div className="actions">
        <Button appearance="primary" onClick={() => setOpened('approve')}>
          Approve…
        </Button>
        <Button onClick={() => setOpened('pair')}>Pair with an instrument…</Button>
        <Button onClick={() => setOpened('reject')}>Reject…</Button>
      </div>
      {opened === 'approve' ? <ApproveDialog agent={agent} onClose={close} /> : null}
      {opened === 'pair' ? <PairDialog agent={agent} onClose={close} /> : null}
      {opened === 'reject' ? <RejectDialog agent={agent} onClose={close} /> : null}
    </li>
  );
}

function factsOf(agent: PendingAgent) {
  return [
    ['Address', agent.address],
    ['Platform', agent.platform],
    ['Version', agent.agentVersion],
    ['Asks to be', asksToBe(agent)],
    ['Would archive', <JobList key="jobs" agent={agent} />],
    ['Asked first', <Ago key="first" at={agent.createdAt} />],
    ['Asked last', <Ago key="last" at={agent.lastSeenAt} />],
    ['Request ends', <Ago key="ends" at={agent.expiresAt} />],
  ] as const;
}

function asksToBe({ requestedRunnerId, isExpected }: PendingAgent): string {
  if (requestedRunnerId === null) return 'a new instrument';
  return isExpected ? `${requestedRunnerId}, which waits for it` : requestedRunnerId;
}

function JobList({ agent }: { agent: PendingAgent }) {
  if (agent.jobs.length === 0) return <span className="quiet">nothing yet</span>;
  return agent.jobs.map((job) => (
    <span key={job.name} className="block">
      {job.name}: <code>{job.sourcePath}</code>
    </span>
  ));
}
