import type { BodyOf } from '../../../../shared/contract/endpoint.ts';
import { approveAgent, type PendingAgent } from '../../../../shared/contract/pendingAgents.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';

/** Approves an agent, says so and closes whatever asked. */
export function useApproval(agent: PendingAgent, onDone: () => void) {
  const { notices } = useServices();
  const action = useAction(approveAgent);
  const { enrolmentId, pairingCode, requestedRunnerId } = agent;
  // An agent may ask for something else after the page's last look.
  const shown = { pairingCode, requestedRunnerId, replaces: agent.replaces?.runnerId ?? null };
  const approve = (body: Omit<BodyOf<typeof approveAgent>, 'shown'>) =>
    action.mutate(
      { params: { enrolmentId }, body: { ...body, shown } },
      {
        onSuccess: () => {
          notices.say(`${agent.hostName} is approved; it begins when it asks next, within a minute.`);
          onDone();
        },
      },
    );
  return { approve, isPending: action.isPending, error: action.error };
}
