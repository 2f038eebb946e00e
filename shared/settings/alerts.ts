import { z } from 'zod';
import { type Family, wholeSeconds } from './setting.ts';

export const alerts = {
  title: 'Alerts and audit',
  readBy: ['functions'],
  settings: {
    RUNBOOK_URL: {
      type: z.url().optional(),
      does: 'Where the runbook is published; notifications link to its sections.',
    },
    NOTIFY_ALLOW_PRIVATE_ADDRESSES: {
      type: z.stringbool().default(false),
      does: 'Notification channels may reach addresses inside the network, and speak without TLS: local platform and tests.',
    },
    DATABASE_DOWN_SECONDS: {
      type: wholeSeconds.default(120),
      unit: 'seconds',
      does: 'When no host had an answer of the database for so long, people are told without it; and again when it is back for as long.',
    },
    AUDIT_LOOK_BACK_HOURS: {
      type: z.coerce.number().positive().default(24),
      unit: 'hours',
      does: 'How far back the audit looks for runs, files and heartbeats.',
    },
  },
} satisfies Family;
