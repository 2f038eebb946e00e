import { z } from 'zod';
import type { Family } from './setting.ts';

export const localPlatform = {
  title: 'The platform on one machine',
  readBy: ['local platform'],
  settings: {
    LOCAL_PORT: {
      type: z.coerce.number().int().min(0).max(65_535),
      does: 'Where the host listens on 127.0.0.1; `npm start` sets it from `--port`.',
    },
    LOCAL_OPERATOR_EMAIL: {
      type: z.string().min(1),
      does: 'The first account, which the host makes in an empty database; `npm start` sets it.',
    },
    LOCAL_OPERATOR_PASSWORD: { type: z.string().min(1), secret: true, does: 'Password of that account.' },
    LOCAL_OPERATOR_TOKEN: { type: z.string().min(1), secret: true, does: 'Personal token of that account.' },
    AZURE_FILES_KEY: {
      type: z.string().min(1).optional(),
      secret: true,
      otherwise: 'for Azurite’s account, its well-known key',
      does: 'Account key of the Azure Files server ([azure-files-server.md](azure-files-server.md)); `--key` wins over it.',
    },
    CLOCK_SKEW_SECONDS: {
      type: z.coerce.number().default(0),
      unit: 'seconds',
      does: 'By how much the clock of a simulated PC is wrong; `npm start` sets it from `--clock-skew`.',
    },
  },
} satisfies Family;
