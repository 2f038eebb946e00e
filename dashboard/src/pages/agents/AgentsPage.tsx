import { pendingAgents } from '../../../../shared/contract/pendingAgents.ts';
import { useAnswer } from '../../app/answers.ts';
import { useMay } from '../../app/session.ts';
import { Empty } from '../../parts/Empty.tsx';
import { EnrolCommand } from '../../parts/EnrolCommand.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { AgentCard } from './AgentCard.tsx';
import { ExpectedAgents } from './ExpectedAgents.tsx';

/** Agents that ask to be let in. */
export function AgentsPage() {
  const mayDecide = useMay('operator');
  return (
    <>
      <PageHead
        title="Agents to approve"
        lead="Let an agent in only when its pairing code is the one on the instrument’s own screen."
      />
      {mayDecide ? (
        <WaitingAgents />
      ) : (
        <Empty title="Operators decide here.">
          <p>
            You can look at everything else. Ask an administrator when you should be able to approve agents.
          </p>
        </Empty>
      )}
    </>
  );
}

function WaitingAgents() {
  const answer = useAnswer(pendingAgents, {});
  return (
    <Pending query={answer} doing="Loading the agents">
      {(data) =>
        data.agents.length === 0 ? (
          <Empty title="No agent waits for approval.">
            <EnrolCommand />
          </Empty>
        ) : (
          <>
            <ExpectedAgents agents={data.agents} />
            <ul className="cards cards-wide">
              {data.agents.map((agent) => (
                <AgentCard key={agent.enrolmentId} agent={agent} />
              ))}
            </ul>
          </>
        )
      }
    </Pending>
  );
}
