import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, instant, longText, noParams, nothing, noQuery, shortText } from './fields.ts';

export const pendingAgent = z.object({
  enrolmentId: id,
  hostName: z.string(),
  address: z.string(),
  pairingCode: z.string(),
  platform: z.string(),
  agentVersion: z.string(),
  requestedRunnerId: id.nullable(),
  /** Set when approving would end another agent's rights. */
  replaces: z.object({ runnerId: id, name: z.string(), lastHeartbeatAt: instant.nullable() }).nullable(),
  /** It asks for a seeded runner that never had an agent, and nobody else does. */
  isExpected: z.boolean(),
  jobs: z.array(z.object({ name: z.string(), kind: z.string(), sourcePath: z.string() })),
  createdAt: instant,
  lastSeenAt: instant,
  expiresAt: instant,
});
export type PendingAgent = z.infer<typeof pendingAgent>;

export const pendingAgents = endpoint({
  name: 'pending-agents',
  summary: 'Agents that wait for approval',
  method: 'GET',
  path: '/api/admin/pending-agents',
  callers: ['operator'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ now: instant, agents: z.array(pendingAgent) }),
});

export const approveAgent = endpoint({
  name: 'pending-agent-approve',
  summary: 'Let an agent in, as a new runner or paired with an existing one',
  method: 'POST',
  path: '/api/admin/pending-agents/{enrolmentId}/approve',
  callers: ['operator'],
  params: z.object({ enrolmentId: id }),
  query: noQuery,
  body: z.strictObject({
    /** Pair with this runner; absent: the one it asks for, or a new one. */
    runnerId: id.optional(),
    name: shortText.optional(),
    /** What whoever decides has seen; refused as `conflict` when the agent asks for something else by now. */
    shown: z
      .strictObject({
        pairingCode: pendingAgent.shape.pairingCode,
        requestedRunnerId: id.nullable(),
        /** The runner whose agent it would replace. */
        replaces: id.nullable(),
      })
      .optional(),
  }),
  response: z.object({ runnerId: id, generation: z.int() }),
  errors: ['not-found', 'already-decided', 'conflict'],
});

export const rejectAgent = endpoint({
  name: 'pending-agent-reject',
  summary: 'Refuse an agent',
  method: 'POST',
  path: '/api/admin/pending-agents/{enrolmentId}/reject',
  callers: ['operator'],
  params: z.object({ enrolmentId: id }),
  query: noQuery,
  body: z.strictObject({ reason: longText.optional() }),
  response: z.object({ status: z.literal('rejected') }),
  errors: ['not-found', 'already-decided'],
});
