import { z } from 'zod';
import type { Family } from './setting.ts';

export const scripts = {
  title: 'Scripts',
  readBy: ['scripts'],
  settings: {
    DATASYNC_URL: {
      type: z.url().default('http://127.0.0.1:7071'),
      does: 'Address of the server.',
    },
    DATASYNC_TOKEN: {
      type: z.string().min(1).optional(),
      secret: true,
      does: 'A personal token: who calls.',
    },
    AZURE_STORAGE_CONNECTION_STRING: {
      type: z.string().min(1).optional(),
      secret: true,
      does: 'Storage account of the share that `scripts/verify-archive` reads.',
    },
  },
} satisfies Family;
