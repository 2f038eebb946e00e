import { z } from 'zod';
import { ERROR_TAGS } from '../domain/errorTags.ts';
import { endpoint } from './endpoint.ts';
import { cursor, id, instant, longText, noParams, nothing, noQuery, pageSize, runId } from './fields.ts';
import { runStatus, runSummary, stepView } from './fleet.ts';
import { logLevel, logLevels } from './logs.ts';

export const errorTag = z.enum(ERROR_TAGS);

/** Names of workflows: `SyncAllPeople`, `Sync-people.people.getAll`, `tga_sync`. */
export const workflowName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z][A-Za-z0-9._-]*$/, 'letters, digits and . _ - only');

/** One kind of workflow that this server knows. */
export const workflowKind = z.object({
  name: workflowName,
  summary: z.string(),
  /** NCRONTAB, UTC; null: started by people only. */
  schedule: z.string().nullable(),
  nextDueAt: instant.nullable(),
  exclusive: z.boolean(),
  expectedMinutes: z.number(),
  /** Environment names of settings that it lacks; empty: it can run. */
  missingSettings: z.array(z.string()),
  lastRun: runSummary.nullable(),
});
export type WorkflowKind = z.infer<typeof workflowKind>;

export const workflowKinds = endpoint({
  name: 'workflow-kinds',
  summary: 'Every workflow that this server knows, with its schedule and newest run',
  method: 'GET',
  path: '/api/workflows',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ now: instant, workflows: z.array(workflowKind) }),
});

export const startWorkflow = endpoint({
  name: 'workflow-start',
  summary: 'Start a workflow with a payload; answers at once with the run’s id',
  method: 'POST',
  path: '/api/workflows/{name}/start',
  callers: ['operator'],
  params: z.object({ name: workflowName }),
  query: noQuery,
  body: z.strictObject({ payload: z.record(z.string(), z.unknown()).default({}) }),
  response: z.object({ runId }),
  status: 202,
  errors: ['not-found', 'already-running', 'not-configured'],
});

/** Resumes at the phase pointer, or starts a cycle where none waits. */
export const triggerWorkflow = endpoint({
  name: 'workflow-trigger',
  summary: 'Resume a workflow’s newest run from its phase pointer; start one when none is unfinished',
  method: 'POST',
  path: '/api/workflows/{syncType}/trigger',
  callers: ['operator', 'workflow'],
  params: z.object({ syncType: workflowName }),
  query: noQuery,
  body: z.strictObject({}).optional(),
  response: z.object({
    runId,
    /** `waiting`: it goes on by itself already; its message was sent again. */
    outcome: z.enum(['started', 'resumed', 'waiting']),
    pointer: z.string().nullable(),
  }),
  status: 202,
  errors: ['not-found', 'already-running', 'not-configured'],
});

/** What went wrong with a run, for people and for a bug report. */
export const runFailure = z.object({
  message: z.string(),
  /** Null: no third party is to blame. */
  tag: errorTag.nullable(),
  activity: z.string().nullable(),
  /** What the API said, as it came. */
  cause: z.unknown(),
  isPermanent: z.boolean(),
  advice: z.string(),
});
export type RunFailureView = z.infer<typeof runFailure>;

export const workflowRun = endpoint({
  name: 'workflow-run',
  summary: 'One run of a workflow: payload, result or failure, steps, where it stands, what may be done',
  method: 'GET',
  path: '/api/workflow-runs/{runId}',
  callers: ['viewer'],
  params: z.object({ runId }),
  query: noQuery,
  body: nothing,
  response: z.object({
    now: instant,
    run: runSummary,
    payload: z.unknown(),
    result: z.unknown(),
    failure: runFailure.nullable(),
    steps: z.array(stepView),
    advice: z.string(),
    /** The activity at which the next slice goes on. */
    pointer: z.string().nullable(),
    nextSliceAt: instant.nullable(),
    /** Slice messages that wait in the queue, of all runs; null: the queue does not answer. */
    waitingMessages: z.int().nullable(),
    changes: z.int(),
    allowed: z.array(z.enum(['pause', 'resume', 'retry', 'terminate'])),
  }),
  errors: ['not-found'],
});

const control = (name: string, verb: string, summary: string) =>
  endpoint({
    name,
    summary,
    method: 'POST',
    path: `/api/workflow-runs/{runId}/${verb}`,
    callers: ['operator'],
    params: z.object({ runId }),
    query: noQuery,
    body: z.strictObject({ reason: longText.optional() }).optional(),
    response: z.object({ run: runSummary }),
    errors: ['not-found', 'wrong-state', 'already-running'],
  });

export const pauseWorkflowRun = control('workflow-run-pause', 'pause', 'Stop a run after what is under way');
export const resumeWorkflowRun = control('workflow-run-resume', 'resume', 'Let a paused run go on');
export const retryWorkflowRun = control(
  'workflow-run-retry',
  'retry',
  'Let a failed, silent or partial run go on from its last good activity',
);
export const terminateWorkflowRun = control(
  'workflow-run-terminate',
  'terminate',
  'End a run for good: results in flight are refused',
);

export const changeEvent = z.object({
  changeId: id,
  runId,
  register: z.string(),
  eventType: z.string(),
  entityType: z.string(),
  entityCode: z.string(),
  oldValue: z.string().nullable(),
  newValue: z.string().nullable(),
  detail: z.string().nullable(),
  createdAt: instant,
});
export type ChangeEvent = z.infer<typeof changeEvent>;

export const changes = endpoint({
  name: 'changes',
  summary: 'What changed in registers, newest first',
  method: 'GET',
  path: '/api/changes',
  callers: ['viewer'],
  params: noParams,
  query: z.strictObject({
    cursor,
    limit: pageSize,
    register: z.string().max(30).optional(),
    eventType: z.string().max(50).optional(),
    entityType: z.string().max(50).optional(),
    entityCode: z.string().max(150).optional(),
    runId: runId.optional(),
    from: instant.optional(),
    to: instant.optional(),
  }),
  body: nothing,
  response: z.object({ now: instant, changes: z.array(changeEvent), nextCursor: z.string().nullable() }),
});

export const workflowLogLine = z.object({
  at: instant,
  level: logLevel,
  message: z.string(),
  activityName: z.string().nullable(),
  errorTag: z.string().nullable(),
  facts: z.unknown(),
});
export type WorkflowLogLine = z.infer<typeof workflowLogLine>;

export const workflowRunLogs = endpoint({
  name: 'workflow-run-logs',
  summary: 'The log lines of one run, oldest first',
  method: 'GET',
  path: '/api/workflow-runs/{runId}/logs',
  callers: ['viewer'],
  params: z.object({ runId }),
  query: z.strictObject({
    cursor,
    limit: pageSize,
    /** `Warning,Error` */
    level: logLevels.optional(),
  }),
  body: nothing,
  response: z.object({ lines: z.array(workflowLogLine), nextCursor: z.string().nullable() }),
  errors: ['not-found', 'unavailable'],
});

export const bulkRetry = endpoint({
  name: 'workflow-bulk-retry',
  summary: 'Retry all failed runs with an error tag: a preview first, then as a run of its own',
  method: 'POST',
  path: '/api/workflow-runs/bulk-retry',
  callers: ['operator'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    tag: errorTag,
    name: workflowName.optional(),
    /** True (the default): say what would be touched, touch nothing. */
    preview: z.boolean().default(true),
    /** Runs that are retried a minute. */
    perMinute: z.int().min(1).max(600).default(60),
  }),
  response: z.object({
    /** Runs that are, or would be, retried. */
    count: z.int(),
    /** The first of them; 100 at most. */
    runs: z.array(runSummary),
    /** Why none is touched: the tag is permanent. */
    refusal: z.string().nullable(),
    /** The run that does it; null for a preview, or when there is nothing to do. */
    runId: runId.nullable(),
  }),
  status: 202,
  errors: ['already-running'],
});

/** A message that a queue gave up on. */
export const poisonMessage = z.object({
  messageId: z.string(),
  queue: z.string(),
  insertedAt: instant,
  /** What the message says; text where it is no JSON. */
  content: z.unknown(),
  runId: runId.nullable(),
  runStatus: runStatus.nullable(),
});
export type PoisonMessage = z.infer<typeof poisonMessage>;

export const poisonMessages = endpoint({
  name: 'poison-messages',
  summary: 'Messages that queues gave up on after five attempts; 32 at most',
  method: 'GET',
  path: '/api/admin/poison',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ now: instant, total: z.int(), messages: z.array(poisonMessage) }),
  errors: ['unavailable'],
});

export const replayPoison = endpoint({
  name: 'poison-replay',
  summary: 'Put poison messages back into their queue; a stale one is acknowledged there without effect',
  method: 'POST',
  path: '/api/admin/poison/replay',
  callers: ['operator'],
  params: noParams,
  query: noQuery,
  /** Left out: all of them, 32 at most. */
  body: z.strictObject({ messageIds: z.array(z.string().min(1).max(100)).min(1).max(32).optional() }),
  response: z.object({ replayed: z.int() }),
  errors: ['unavailable'],
});
