import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, instant, noParams, nothing, noQuery } from './fields.ts';

/** When the source deletes the oldest file that is not archived yet. Declared here, made by `shared/domain/purgeForecast`. */
export const purgeForecast = z.object({
  /** `unknown`: the agent has not said enough; `none`: nothing waits, or the instrument has no cap. */
  state: z.enum(['unknown', 'none', 'forecast']),
  /** When the oldest unarchived file is deleted, at the rate that was assumed. */
  purgeAt: instant.nullable(),
  hoursLeft: z.number().nullable(),
  /** Time that archiving the backlog takes. */
  needSeconds: z.number().nullable(),
  /** Files an hour that the instrument was assumed to produce: the fastest of what was seen lately. */
  assumedPerHour: z.number().nullable(),
  /** `hoursLeft` is less than the backlog needs with its margin: act now. */
  isAtRisk: z.boolean(),
  /** One sentence with numbers. */
  sentence: z.string(),
});
export type PurgeForecastView = z.infer<typeof purgeForecast>;

/** What would be lost now (SPEC S16): never a claimed zero. */
export const recoveryPoint = z.object({
  loss: z.enum(['share', 'region', 'instrument']),
  /** Files and bytes that would be gone; null: not known. */
  files: z.int().nullable(),
  bytes: z.int().nullable(),
  sentence: z.string(),
});

export const jobForecast = endpoint({
  name: 'job-forecast',
  summary: 'How long until an instrument deletes something unarchived, as numbers and as a picture',
  method: 'GET',
  path: '/api/runners/{runnerId}/jobs/{jobId}/forecast',
  callers: ['viewer'],
  params: z.object({ runnerId: id, jobId: id }),
  query: noQuery,
  body: nothing,
  response: z.object({
    now: instant,
    forecast: purgeForecast,
    sourceCap: z.int().nullable(),
    /** What heartbeats said over the last 48 h, oldest first; 600 points at most. */
    history: z.array(z.object({ at: instant, sourceCount: z.int(), backlogCount: z.int() })),
    /** What is expected until the purge, oldest first. */
    expected: z.array(z.object({ at: instant, sourceCount: z.int(), filesUntilPurge: z.int() })),
    recoveryPoints: z.array(recoveryPoint),
  }),
  errors: ['not-found'],
});

export const timerView = z.object({
  name: z.string(),
  schedule: z.string(),
  /** `late`: an occurrence passed without a tick; `blind`: it examined nothing for longer than is plausible. */
  state: z.enum(['ok', 'late', 'blind', 'failing', 'never']),
  lastDueAt: instant.nullable(),
  lastStartedAt: instant.nullable(),
  lastFinishedAt: instant.nullable(),
  examined: z.int().nullable(),
  changed: z.int().nullable(),
  error: z.string().nullable(),
  nextDueAt: instant,
  /** Of the last 24 h. */
  ticks: z.int(),
  failed: z.int(),
});

export const timers = endpoint({
  name: 'timers',
  summary: 'Every timer: when it ran, what it examined and changed, and whether it is late or blind',
  method: 'GET',
  path: '/api/admin/timers',
  callers: ['viewer', 'ci'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ now: instant, timers: z.array(timerView) }),
});

export const quotas = endpoint({
  name: 'quotas',
  summary: 'How full the database and the shares are, and when each will be full',
  method: 'GET',
  path: '/api/admin/quotas',
  callers: ['viewer', 'ci'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({
    now: instant,
    quotas: z.array(
      z.object({
        target: z.string(),
        usedBytes: z.int(),
        quotaBytes: z.int().nullable(),
        /** At the growth of the last days; null: not growing, or no quota. */
        fullAt: instant.nullable(),
        measuredAt: instant,
      }),
    ),
  }),
});
