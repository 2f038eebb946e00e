import type { ResponseOf } from '../../../shared/contract/endpoint.ts';
import type { approveExpected as endpoint } from '../../../shared/contract/seeding.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Services } from '../../platform/services.ts';
import { approveEnrolment } from '../approval.ts';
import type { Decision } from '../decision.ts';
import { readPendingAgents } from '../pendingAgents.ts';

type Answer = ResponseOf<typeof endpoint>;

/**
 * Lets in those of the named agents that a seeded runner waits for; the others are left, each with the reason. Idempotent:
 * who is in already is no longer waiting.
 */
export async function approveExpected(
  services: Services,
  decision: Decision,
  enrolmentIds: readonly string[],
): Promise<Answer> {
  const { agents } = await readPendingAgents(services, decision.organizationId);
  const expected = new Set(agents.filter((agent) => agent.isExpected).map((agent) => agent.enrolmentId));
  const answer: Answer = { approved: [], left: [] };
  for (const enrolmentId of new Set(enrolmentIds)) {
    try {
      if (!expected.has(enrolmentId))
        throw new Problem('conflict', 'It does not wait, or no seeded runner waits for it alone.');
      const { runnerId } = await approveEnrolment(services, { ...decision, enrolmentId, onlyVacant: true });
      answer.approved.push({ enrolmentId, runnerId });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      answer.left.push({ enrolmentId, reason: error.message });
    }
  }
  return answer;
}
