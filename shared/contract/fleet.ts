import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import {
  cursor,
  id,
  instant,
  longText,
  noParams,
  nothing,
  noQuery,
  pageSize,
  shareFolder,
  shortText,
  sourceCap,
} from './fields.ts';
import { purgeForecast } from './operations.ts';

export const runStatus = z.enum([
  'running',
  'paused',
  'complete',
  'partial',
  'failed',
  'stale',
  'terminated',
]);
export const stepStatus = z.enum([
  'pending',
  'running',
  'complete',
  'failed',
  'timed_out',
  'error',
  'not_implemented',
]);

export const runSummary = z.object({
  runId: id,
  syncType: z.string(),
  jobId: id.nullable(),
  jobName: z.string().nullable(),
  runnerId: id.nullable(),
  runnerName: z.string().nullable(),
  correlationId: z.string(),
  status: runStatus,
  statusReason: z.string().nullable(),
  trigger: z.enum(['cron', 'manual', 'agent']),
  triggeredBy: z.string().nullable(),
  startedAt: instant,
  endedAt: instant.nullable(),
  lastActivityAt: instant,
  filesExamined: z.int(),
  filesNeeded: z.int(),
  filesArchived: z.int(),
  filesSkipped: z.int(),
  filesFailed: z.int(),
  bytesArchived: z.int(),
  /** Of steps of work: rows read and written; null for runs that count files. */
  recordsIn: z.int().nullable(),
  recordsOut: z.int().nullable(),
  /** What failed a workflow. */
  errorTag: z.string().nullable(),
  /** It is a durable workflow: it can be paused, retried, terminated. */
  isWorkflow: z.boolean(),
});
export type RunSummary = z.infer<typeof runSummary>;

/** One answer to "is it at risk?", made by the function that the audit uses. */
export const risk = z.object({
  level: z.enum(['safe', 'attention', 'danger']),
  /** One sentence for people, with numbers. */
  sentence: z.string(),
  /** What to do, or null when nothing needs doing. */
  action: z.string().nullable(),
});
export type Risk = z.infer<typeof risk>;

export const jobView = z.object({
  jobId: id,
  name: z.string(),
  kind: z.enum(['geometry', 'tree']),
  sourcePath: z.string(),
  shareName: z.string(),
  sharePath: z.string(),
  scheduleSeconds: z.int(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  enabled: z.boolean(),
  pausedReason: z.string().nullable(),
  sourceCap: z.int().nullable(),
  sourceCount: z.int().nullable(),
  sourceBytes: z.int().nullable(),
  backlogCount: z.int().nullable(),
  backlogBytes: z.int().nullable(),
  oldestUnsyncedAt: instant.nullable(),
  sourceReportedAt: instant.nullable(),
  archivedCount: z.int(),
  archivedBytes: z.int(),
  lastRun: runSummary.nullable(),
  lastGoodRunAt: instant.nullable(),
  forecast: purgeForecast,
  risk,
});
export type JobView = z.infer<typeof jobView>;

export const fileInFlightView = z.object({
  runId: id,
  path: z.string(),
  state: z.enum(['waiting', 'uploading']),
  sizeBytes: z.int(),
  bytesSent: z.int(),
  attempts: z.int(),
  error: z.string().nullable(),
});

export const runnerView = z.object({
  runnerId: id,
  name: z.string(),
  hostName: z.string(),
  group: z.string().nullable(),
  platform: z.string(),
  timeZone: z.string(),
  address: z.string().nullable(),
  status: z.enum(['active', 'disabled']),
  /** From the age of the last heartbeat: under 5 min, under 10 min, older, none yet. */
  presence: z.enum(['online', 'late', 'offline', 'never']),
  agentVersion: z.string().nullable(),
  generation: z.int(),
  lastHeartbeatAt: instant.nullable(),
  activeJobs: z.int().nullable(),
  azureFilesStatus: z.enum(['ok', 'auth_failure', 'unreachable', 'throttled', 'full']).nullable(),
  clockOffsetMs: z.int().nullable(),
  credentialExpiresAt: instant.nullable(),
  risk,
  jobs: z.array(jobView),
});
export type RunnerView = z.infer<typeof runnerView>;

export const alertView = z.object({
  alertId: id,
  severity: z.enum(['info', 'warning', 'critical']),
  title: z.string(),
  detail: z.string(),
  status: z.enum(['open', 'acknowledged', 'resolved']),
  count: z.int(),
  runnerId: id.nullable(),
  jobId: id.nullable(),
  openedAt: instant,
  lastSeenAt: instant,
});

export const fleet = endpoint({
  name: 'fleet',
  summary: 'Every instrument at a glance, and the one sentence that says whether anything is at risk',
  method: 'GET',
  path: '/api/fleet',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({
    risk,
    now: instant,
    pendingAgents: z.int(),
    runners: z.array(runnerView),
    alerts: z.array(alertView),
    /** Files archived per hour of the last 24 h, oldest first, by runner. */
    archivedPerHour: z.array(z.object({ runnerId: id, hours: z.array(z.int()).length(24) })),
  }),
});

export const runner = endpoint({
  name: 'runner',
  summary: 'One instrument with its jobs and the files in flight',
  method: 'GET',
  path: '/api/runners/{runnerId}',
  callers: ['viewer'],
  params: z.object({ runnerId: id }),
  query: noQuery,
  body: nothing,
  response: z.object({ now: instant, runner: runnerView, inFlight: z.array(fileInFlightView) }),
  errors: ['not-found'],
});

/** Disabling ends its agent's rights and its access to the share at once; enabling gives them back to the same agent. */
export const updateRunner = endpoint({
  name: 'runner-update',
  summary: 'Rename a runner, put it into a group, disable or enable it',
  method: 'PUT',
  path: '/api/admin/runners/{runnerId}',
  callers: ['operator'],
  params: z.object({ runnerId: id }),
  query: noQuery,
  body: z.strictObject({
    name: shortText.optional(),
    /** Null: in no group. A group that is not there is made. */
    group: shortText.nullable().optional(),
    status: z.enum(['active', 'disabled']).optional(),
  }),
  response: z.object({ runner: runnerView }),
  errors: ['not-found', 'conflict'],
});

export const updateJob = endpoint({
  name: 'job-update',
  summary: 'Change a job’s configuration; its agent hears of it with the next heartbeat',
  method: 'PUT',
  path: '/api/admin/runners/{runnerId}/jobs/{jobId}',
  callers: ['operator'],
  params: z.object({ runnerId: id, jobId: id }),
  query: noQuery,
  body: z.strictObject({
    enabled: z.boolean().optional(),
    scheduleSeconds: z.int().min(5).max(604_800).optional(),
    include: z.array(shortText).max(50).optional(),
    exclude: z.array(shortText).max(50).optional(),
    sourceCap: sourceCap.nullable().optional(),
    /** Null clears what paused the job. */
    pausedReason: longText.nullable().optional(),
  }),
  response: z.object({ job: jobView }),
  errors: ['not-found', 'conflict'],
});

export const createJob = endpoint({
  name: 'job-create',
  summary: 'Add a job to a runner',
  method: 'POST',
  path: '/api/admin/runners/{runnerId}/jobs',
  callers: ['operator'],
  params: z.object({ runnerId: id }),
  query: noQuery,
  body: z.strictObject({
    name: shortText,
    kind: z.enum(['geometry', 'tree']),
    sourcePath: z.string().min(1).max(1000),
    sharePath: shareFolder.default(''),
    scheduleSeconds: z.int().min(5).max(604_800).default(300),
    include: z.array(shortText).max(50).default([]),
    exclude: z.array(shortText).max(50).default([]),
    sourceCap: sourceCap.nullable().default(null),
  }),
  response: z.object({ jobId: id }),
  status: 201,
  errors: ['not-found', 'conflict'],
});

export const syncNow = endpoint({
  name: 'job-sync-now',
  summary: 'Ask the agent to sync a job now; it starts within one heartbeat',
  method: 'POST',
  path: '/api/admin/runners/{runnerId}/jobs/{jobId}/sync',
  callers: ['operator'],
  params: z.object({ runnerId: id, jobId: id }),
  query: noQuery,
  body: z.strictObject({}).optional(),
  response: z.object({ commandId: id }),
  status: 202,
  errors: ['not-found', 'job-paused'],
});

export const reconcile = endpoint({
  name: 'job-reconcile',
  summary: 'List what is really on the share and repopulate the state index, as a run of slices',
  method: 'POST',
  path: '/api/admin/runners/{runnerId}/jobs/{jobId}/reconcile',
  callers: ['operator'],
  params: z.object({ runnerId: id, jobId: id }),
  query: noQuery,
  body: z
    .strictObject({
      /** Say what would change, change nothing. */
      dryRun: z.boolean().default(false),
      /** Also remove index rows whose file is not on the share. */
      removeMissing: z.boolean().default(false),
      /** Go on although the share looks empty and the index does not. */
      allowEmptyShare: z.boolean().default(false),
    })
    .optional(),
  response: z.object({ runId: id }),
  status: 202,
  errors: ['not-found', 'already-running', 'share-looks-empty', 'unavailable'],
});

export const runs = endpoint({
  name: 'runs',
  summary: 'One feed of all runs, newest first',
  method: 'GET',
  path: '/api/runs',
  callers: ['viewer'],
  params: noParams,
  query: z.strictObject({
    cursor,
    limit: pageSize,
    /** Prefix of the run id. */
    prefix: z.string().max(100).optional(),
    syncType: z.string().max(100).optional(),
    status: runStatus.optional(),
    runnerId: id.optional(),
    jobId: id.optional(),
    from: instant.optional(),
    to: instant.optional(),
  }),
  body: nothing,
  response: z.object({ now: instant, runs: z.array(runSummary), nextCursor: z.string().nullable() }),
});

export const stepView = z.object({
  step: z.string(),
  kind: z.enum(['init', 'work', 'baseline', 'failure']),
  status: stepStatus,
  seq: z.int().nullable(),
  triggeredBy: z.string().nullable(),
  attempts: z.int(),
  recordsIn: z.int().nullable(),
  recordsOut: z.int().nullable(),
  error: z.string().nullable(),
  result: z.unknown(),
  startedAt: instant.nullable(),
  completedAt: instant.nullable(),
});

export const run = endpoint({
  name: 'run',
  summary: 'One run with its steps',
  method: 'GET',
  path: '/api/runs/{runId}',
  callers: ['viewer'],
  params: z.object({ runId: id }),
  query: noQuery,
  body: nothing,
  response: z.object({
    now: instant,
    run: runSummary,
    payload: z.unknown(),
    result: z.unknown(),
    steps: z.array(stepView),
    inFlight: z.array(fileInFlightView),
    /** What to do about the status, for people. */
    advice: z.string(),
  }),
  errors: ['not-found'],
});

export const runFile = z.object({
  path: z.string(),
  outcome: z.string(),
  state: z.enum(['waiting', 'uploading', 'archived', 'skipped', 'failed']),
  sizeBytes: z.int().nullable(),
  sourceModifiedAt: instant.nullable(),
  archivedPath: z.string().nullable(),
  checksum: z.string().nullable(),
  attempts: z.int(),
  error: z.string().nullable(),
  updatedAt: instant,
});
export type RunFile = z.infer<typeof runFile>;

export const runFiles = endpoint({
  name: 'run-files',
  summary: 'What became of each file of a run',
  method: 'GET',
  path: '/api/runs/{runId}/files',
  callers: ['viewer'],
  params: z.object({ runId: id }),
  query: z.strictObject({
    cursor,
    limit: pageSize,
    state: z.enum(['waiting', 'uploading', 'archived', 'skipped', 'failed']).optional(),
    search: z.string().max(200).optional(),
  }),
  body: nothing,
  response: z.object({ files: z.array(runFile), nextCursor: z.string().nullable() }),
  errors: ['not-found'],
});
