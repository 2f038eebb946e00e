import { z } from 'zod';
import type { Family } from './setting.ts';

export const functionsHost = {
  title: 'The host',
  readBy: ['functions'],
  settings: {
    NODE_ENV: {
      type: z.string().default('production'),
      does: '`production` refuses to start with a weak `AUTH_SECRET`; `npm start` sets `local`.',
    },
    LOG_LEVEL: {
      type: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
      does: 'Lines below this level are not written.',
    },
    DASHBOARD_DIR: {
      type: z.string().optional(),
      otherwise: '`dashboard` beside the app',
      does: 'Folder of the built dashboard.',
    },
  },
} satisfies Family;
