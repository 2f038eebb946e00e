import { z } from 'zod';
import { type Family, wholeSeconds } from './setting.ts';

export const fleet = {
  title: 'Agents and runners',
  readBy: ['functions'],
  settings: {
    HEARTBEAT_SECONDS: {
      type: wholeSeconds.default(60),
      unit: 'seconds',
      alsoReadBy: ['local platform'],
      does: 'How often agents are told to send a heartbeat; `npm start` makes it 10 when it is not set.',
    },
    OFFLINE_MINUTES: {
      type: z.coerce.number().positive().default(10),
      unit: 'minutes',
      does: 'A runner that is silent for longer is offline.',
    },
    SAS_HOURS: {
      type: z.coerce.number().min(0.0001).max(24).default(24),
      unit: 'hours',
      does: 'How long an agent’s SAS for its share is valid.',
    },
    SAS_RENEW_BEFORE_HOURS: {
      type: z.coerce.number().min(0).max(24).default(16),
      unit: 'hours',
      does: 'A new SAS is issued when the present one has less than this left; at most two thirds of its life.',
    },
    PENDING_AGENTS_MAX: {
      type: z.coerce.number().int().default(100),
      unit: 'agents',
      does: 'How many agents may wait for approval at a time.',
    },
    PENDING_AGENT_HOURS: {
      type: z.coerce.number().positive().default(24),
      unit: 'hours',
      does: 'An agent that waits for approval for longer has to ask again.',
    },
  },
} satisfies Family;
