import type { BodyOf } from '../../../../shared/contract/endpoint.ts';
import { approveAgent, type PendingAgent } from '../../../../shared/contract/pendingAgents.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';

/** Approves an agent, says so and closes whatever asked. */
export function useApproval(agent: PendingAgent, onDone: () => void) {
  const { notices } = useServices();
  const action = useAction(approveAgent);
  const approve = (body: BodyOf<typeof approveAgent>) =>
    action.mutate(
      { params: { enrolmentId: agent.enrolmentId }, body },
      {
        onSuccess: () => {
          notices.say(`${agent.hostName} is approved; it begins when it asks next, within a minute.`);
          onDone();
        },
      },
    );
  return { approve, isPending: action.isPending, error: action.error };
}
