import { z } from 'zod';
import type { Family, Setting } from './setting.ts';

const perMinute = (
  most: number,
  what: string,
): Setting & { readonly type: z.ZodDefault<z.ZodCoercedNumber> } => ({
  type: z.coerce.number().int().min(4).max(100_000).default(most),
  unit: 'a minute',
  does: `${what} that one host tells Application Insights of; more are left out, and counted.`,
});

export const telemetry = {
  title: 'Telemetry',
  readBy: ['functions'],
  settings: {
    APPLICATIONINSIGHTS_CONNECTION_STRING: {
      type: z.string().min(1).optional(),
      secret: true,
      otherwise: 'nothing is sent',
      does: 'The Application Insights resource that telemetry goes to ([monitoring.md](monitoring.md)).',
    },
    TELEMETRY_ROLE: {
      type: z.string().min(1).max(100).default('datasync'),
      does: 'Name under which telemetry shows this app (`cloud_RoleName`).',
    },
    TELEMETRY_REQUESTS_PER_MINUTE: perMinute(300, 'Calls, ticks and slices'),
    TELEMETRY_DEPENDENCIES_PER_MINUTE: perMinute(600, 'Statements and outgoing requests'),
    TELEMETRY_TRACES_PER_MINUTE: perMinute(300, 'Log lines'),
    TELEMETRY_EVENTS_PER_MINUTE: perMinute(200, 'Events'),
    TELEMETRY_ERRORS_PER_MINUTE: perMinute(
      600,
      'Failures, beside the others and by kind of telemetry: of each kind of failure at least one,',
    ),
  },
} satisfies Family;
