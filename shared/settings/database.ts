import { z } from 'zod';
import type { Family } from './setting.ts';

export const database = {
  title: 'Database',
  readBy: ['functions'],
  settings: {
    DATABASE_URL: {
      type: z.string().min(1),
      secret: true,
      alsoReadBy: ['local platform', 'scripts'],
      does: 'Address of the database, `postgres://…` or `mssql://…` ([database.md](database.md)); `npm start` also takes `embedded:DIR`, and an embedded one below its data folder is its default.',
    },
    DB_POOL_MAX: {
      type: z.coerce.number().int().min(1).max(200).default(20),
      unit: 'connections',
      does: 'Connections of one host; hosts × this must stay below what the server allows (S0: 60 workers).',
    },
    DB_STATEMENT_TIMEOUT: {
      type: z.coerce.number().int().min(100).default(30_000),
      unit: 'milliseconds',
      does: 'A statement that takes longer is cancelled.',
    },
    DATABASE_QUOTA_GB: {
      type: z.coerce.number().positive().default(250),
      unit: '10⁹ bytes',
      does: 'How much the database may hold, where the server does not say it itself (PostgreSQL).',
    },
  },
} satisfies Family;
