import { z } from 'zod';
import { type Family, wholeSeconds } from './setting.ts';

export const runs = {
  title: 'Runs and their sweepers',
  readBy: ['functions'],
  settings: {
    ORPHAN_MINUTES: {
      type: z.coerce.number().positive().default(30),
      unit: 'minutes',
      does: 'A running run without a sign of life for longer is closed as `stale`.',
    },
    STEP_BUDGET_MINUTES: {
      type: z.coerce.number().positive().default(5),
      unit: 'minutes',
      does: 'A step without a sign of life for longer is marked as timed out.',
    },
    SLICE_BUDGET_SECONDS: {
      type: wholeSeconds.default(60),
      unit: 'seconds',
      does: 'A slice stops itself after this long; well under the function’s own limit.',
    },
    SLICE_LEASE_SECONDS: {
      type: wholeSeconds.default(120),
      unit: 'seconds',
      does: 'A slice whose host has not renewed its lease for this long may be claimed by another.',
    },
  },
} satisfies Family;
