import { z } from 'zod';
import type { Family } from './setting.ts';

const perMinute = z.coerce.number().int().min(1).max(1_000_000);

export const limits = {
  title: 'Limits',
  readBy: ['functions'],
  settings: {
    TRUSTED_PROXIES: {
      type: z.coerce.number().int().min(0).max(5).default(1),
      unit: 'proxies',
      does: 'How many proxies stand in front, each of which appends to X-Forwarded-For: App Service’s front end alone is 1, behind Front Door 2 (and then no way may lead past it). With 0 the header is not believed, and all callers without credentials share one budget.',
    },
    ANONYMOUS_REQUESTS_PER_MINUTE: {
      type: perMinute.default(60),
      unit: 'requests',
      does: 'Of one client address without credentials, or with wrong ones; more are answered 429.',
    },
    AGENT_REQUESTS_PER_MINUTE: {
      type: perMinute.default(1200),
      unit: 'requests',
      does: 'Of one approved agent; and of one client address whose agents ask for approval.',
    },
    REDIS_URL: {
      type: z
        .string()
        .regex(/^rediss?:\/\//, 'wanted: redis://… or rediss://…')
        .optional(),
      secret: true,
      otherwise: 'each host counts alone',
      does: 'Where all hosts count together, `rediss://:key@host:6380`, or `rediss://host:10000?authentication=identity&clientId=…`. While it does not answer each host counts alone.',
    },
  },
} satisfies Family;
