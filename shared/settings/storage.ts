import { z } from 'zod';
import type { Family } from './setting.ts';

export const storage = {
  title: 'Storage',
  readBy: ['functions'],
  settings: {
    FILES_CONNECTION_STRING: {
      type: z.string().min(1).optional(),
      secret: true,
      otherwise: 'required without FILES_CREDENTIAL_URL',
      does: 'Storage account of the archive: agents’ SAS are signed with its key.',
    },
    FILES_CREDENTIAL_URL: {
      type: z.url({ protocol: /^https$/ }).optional(),
      otherwise: 'FILES_CONNECTION_STRING counts',
      does: 'Where a key vault keeps that connection string, `https://<vault>.vault.azure.net/secrets/<name>`: read by identity and kept for five minutes, so that rotated keys need no restart.',
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
      type: z.string().min(1).optional(),
      secret: true,
      otherwise: 'required without AzureWebJobsStorage__accountName',
      does: 'Storage account of the host: queues, tables, timer leases.',
    },
    AzureWebJobsStorage__accountName: {
      type: z
        .string()
        .regex(/^[a-z0-9]{3,24}$/)
        .optional(),
      otherwise: 'AzureWebJobsStorage counts',
      does: 'The same account by its name, for an identity that has roles on it and needs no key.',
    },
  },
} satisfies Family;
