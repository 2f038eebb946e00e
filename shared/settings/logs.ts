import { z } from 'zod';
import { type Family, wholeSeconds } from './setting.ts';

export const logs = {
  title: 'Logs of agents and runs',
  readBy: ['functions'],
  settings: {
    LOG_RETENTION_DAYS: {
      type: z.coerce.number().int().min(1).max(3650).default(90),
      unit: 'days',
      does: 'How long agents’ logs, and the history of their heartbeats, are kept.',
    },
    LOG_LINES_PER_MINUTE: {
      type: z.coerce.number().int().min(1).max(100_000).default(600),
      unit: 'lines',
      does: 'Of one runner: more are cut, and counted.',
    },
    LOG_SHIP_SECONDS: {
      type: wholeSeconds.default(30),
      unit: 'seconds',
      does: 'How long an agent waits before it sends its next lines.',
    },
  },
} satisfies Family;
