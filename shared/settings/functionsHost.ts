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
    AZURE_CLIENT_ID: {
      type: z.guid().optional(),
      otherwise: 'the app’s one identity, or who signed in at a command line',
      does: 'Client id of the managed identity that the app is in Azure, where it calls storage and key vault by identity.',
    },
    BACKGROUND_WORK: {
      type: z.stringbool().default(true),
      does: 'Timers and queues run here. Not in a staging slot: it has production’s database, and would do production’s work with what is only being tried.',
    },
    DASHBOARD_DIR: {
      type: z.string().optional(),
      otherwise: '`dashboard` beside the app',
      does: 'Folder of the built dashboard.',
    },
  },
} satisfies Family;
