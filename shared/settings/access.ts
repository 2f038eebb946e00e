import { z } from 'zod';
import type { Family } from './setting.ts';

export const access = {
  title: 'Access and secrets',
  readBy: ['functions'],
  settings: {
    AUTH_SECRET: {
      type: z.string().min(44),
      secret: true,
      does: 'Signs nothing that leaves the server; peppers token hashes and seals the secrets of notification channels. A placeholder is refused in production.',
    },
    DATASYNC_CI_UPLOAD_SECRET: {
      type: z.string().min(24),
      secret: true,
      alsoReadBy: ['scripts'],
      does: 'By which pipelines call: audit and diagnostics, nothing else.',
    },
    DATASYNC_CI_UPLOAD_SECRET_PREVIOUS: {
      type: z.string().min(24).optional(),
      secret: true,
      does: 'The second valid secret of pipelines while it rotates.',
    },
    WORKFLOW_API_KEY: {
      type: z.string().min(24).optional(),
      secret: true,
      does: 'By which programs start and watch workflows (`x-api-key`); without it none may.',
    },
    CREDENTIAL_MAX_AGE_DAYS: {
      type: z.coerce.number().positive().default(90),
      unit: 'days',
      does: 'A secret of the platform that has been the same for longer is a warning.',
    },
    SESSION_HOURS: {
      type: z.coerce.number().positive().default(12),
      unit: 'hours',
      does: 'How long a sign-in lasts.',
    },
    PUBLIC_ORIGINS: {
      type: z.string().default(''),
      does: 'Addresses that operators use, with commas between; writes with another Origin are refused, and notifications link to the first.',
    },
  },
} satisfies Family;
