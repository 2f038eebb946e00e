import { z } from 'zod';
import type { Family } from './setting.ts';

export const storage = {
  title: 'Storage',
  readBy: ['functions'],
  settings: {
    FILES_CONNECTION_STRING: {
      type: z.string().min(1),
      secret: true,
      does: 'Storage account of the archive: agents’ SAS are signed with its key.',
    },
    FILES_PUBLIC_ENDPOINT: {
      type: z.url().optional(),
      otherwise: 'that of the connection string',
      does: 'The address that agents reach the share under, when it differs from the connection string’s.',
    },
    FILES_REDUNDANCY: {
      type: z.enum(['LRS', 'ZRS', 'GRS', 'GZRS']).default('LRS'),
      does: 'How Azure keeps the files account: what is lost with the region depends on it.',
    },
    SHARE_SNAPSHOTS_KEEP: {
      type: z.coerce.number().int().min(0).max(190).default(7),
      unit: 'snapshots',
      does: 'Daily snapshots kept of each share; 0 where a backup vault takes them.',
    },
    AzureWebJobsStorage: {
      type: z.string().min(1),
      secret: true,
      does: 'Storage account of the host: queues, tables, timer leases.',
    },
  },
} satisfies Family;
