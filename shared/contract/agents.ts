import { z } from 'zod';
import { outcomeNames } from '../domain/outcomes.ts';
import { endpoint } from './endpoint.ts';
import {
  agentVersion,
  count,
  id,
  instant,
  longText,
  mtimeMs,
  noParams,
  noQuery,
  relativePath,
  runId,
  sha256,
  shareFolder,
  shortText,
  sizeBytes,
  sourceCap,
} from './fields.ts';
import { isSurelyManifest, manifest } from './manifest.ts';

export type { ManifestFile } from './manifest.ts';

/** What an agent's configuration proposes to archive; it becomes a job when an operator approves the agent. */
export const proposedJob = z.strictObject({
  name: shortText,
  kind: z.enum(['geometry', 'tree']),
  sourcePath: z.string().min(1).max(1000),
  sharePath: shareFolder.default(''),
  scheduleSeconds: z.int().min(5).max(604_800).default(300),
  include: z.array(shortText).max(50).default([]),
  exclude: z.array(shortText).max(50).default([]),
  sourceCap: sourceCap.nullable().default(null),
});
export type ProposedJob = z.infer<typeof proposedJob>;

/**
 * An agent registers itself, and asks how its request stands; the same call does both and may be repeated.
 * Only the hash of its key travels. Identified by `keyHash`: repeating it never makes a second request.
 */
export const enrolAgent = endpoint({
  name: 'agent-enrol',
  summary: 'Register an agent, or ask how its registration stands',
  method: 'POST',
  path: '/api/agents/enrol',
  callers: ['public'],
  budget: 'agents',
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    keyHash: sha256,
    /** Shown on both sides so that the operator approves the right machine. */
    pairingCode: z.string().regex(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/, 'wanted: XXXX-XXXX'),
    /** Fixed in the agent's configuration: a rebuilt PC comes back as this runner. */
    runnerId: id.optional(),
    hostName: shortText,
    platform: shortText,
    timeZone: shortText,
    agentVersion,
    jobs: z.array(proposedJob).max(50),
  }),
  response: z.object({
    enrolmentId: id,
    status: z.enum(['pending', 'approved', 'rejected', 'expired']),
    runnerId: id.nullable(),
    /** When to ask again, in seconds. */
    pollSeconds: z.int(),
  }),
  status: 202,
  errors: ['runner-superseded', 'too-many-pending', 'agent-version-unsupported'],
});

/** Access to one share: append `?sas` to requests below `shareUrl`. Secret: never logged. */
export const credential = z.object({
  shareName: z.string(),
  shareUrl: z.url(),
  sas: z.string(),
  expiresAt: instant,
});
export type Credential = z.infer<typeof credential>;

/** A job as its agent needs it. */
export const jobConfiguration = z.object({
  jobId: id,
  name: z.string(),
  kind: z.enum(['geometry', 'tree']),
  sourcePath: z.string(),
  shareName: z.string(),
  sharePath: z.string(),
  scheduleSeconds: z.int(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  sourceCap: z.int().nullable(),
  enabled: z.boolean(),
  /** A guard stopped the job: the agent does not sync it until this is null again. */
  pausedReason: z.string().nullable(),
  configVersion: z.int(),
});
export type JobConfiguration = z.infer<typeof jobConfiguration>;

/** An order to the agent. Repeated on every heartbeat until acknowledged by id; carrying it out twice is harmless. */
export const agentCommand = z.object({
  commandId: id,
  kind: z.enum(['sync_now', 'reload_configuration']),
  jobId: id.nullable(),
});
export type AgentCommand = z.infer<typeof agentCommand>;

/** A file in flight, for the people who watch a live run. */
export const fileInFlight = z.strictObject({
  runId,
  path: z.string().min(1).max(4096),
  state: z.enum(['waiting', 'uploading']),
  sizeBytes,
  bytesSent: sizeBytes,
  attempts: count,
  error: longText.nullable(),
});
export type FileInFlight = z.infer<typeof fileInFlight>;

/** Every 60 s. Says how the agent is; brings back credentials, changed jobs and commands. */
export const heartbeat = endpoint({
  name: 'agent-heartbeat',
  summary: 'An agent says how it is and hears what it should do',
  method: 'POST',
  path: '/api/agents/heartbeat',
  callers: ['agent'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    /** Random for each process: two live ones under one key are noticed. */
    instanceNonce: z.string().min(8).max(100),
    agentVersion,
    hostName: shortText,
    platform: shortText,
    timeZone: shortText,
    status: z.enum(['starting', 'idle', 'syncing', 'degraded', 'stopping']),
    /** Ids of the jobs being synced at this moment. */
    active_jobs: z.array(id).max(100),
    azureFilesStatus: z.enum(['ok', 'auth_failure', 'unreachable', 'throttled', 'full']),
    /** The agent's clock when it sent this. */
    clock: instant,
    /** Null: it holds none, or the one it holds was refused. */
    credentialExpiresAt: instant.nullable(),
    acknowledgedCommandIds: z.array(id).max(100),
    jobs: z
      .array(
        z.strictObject({
          jobId: id,
          configVersion: z.int(),
          sourceCount: count,
          sourceBytes: sizeBytes,
          /** Files that the instrument's cap counts, whether they are the job's or not. Left out: they are the job's. */
          countedByInstrument: count.optional(),
          sourceCap: sourceCap.nullable(),
          backlogCount: count,
          backlogBytes: sizeBytes,
          /** Source time of the oldest file that is not archived. */
          oldestUnsyncedMs: mtimeMs.nullable(),
          /** Files that the instrument would delete before that one; null when nothing waits. Older agents leave these out. */
          purgeAhead: count.nullable().optional(),
          /** Files with a source time in the last hour, the last 24 h, and the fullest hour of the last 24. */
          producedLastHour: count.optional(),
          producedLastDay: count.optional(),
          producedPeakHour: count.optional(),
          /** How old these counts are: a long cycle counts at its beginning and end. Left out: they are of now. */
          measuredSecondsAgo: count.optional(),
          /** As measured over the latest uploads; null before the first. */
          uploadBytesPerSecond: sizeBytes.nullable().optional(),
          uploadFilesPerHour: count.nullable().optional(),
        }),
      )
      .max(100),
    inFlight: z.array(fileInFlight).max(50),
  }),
  response: z.object({
    runnerId: id,
    serverTime: instant,
    heartbeatSeconds: z.int(),
    /** Present when new ones are due (16 h before the end), or asked for by `credentialExpiresAt: null`. */
    credentials: z.array(credential).optional(),
    /** All jobs of the runner; present when any differs from what the agent named. */
    jobs: z.array(jobConfiguration).optional(),
    commands: z.array(agentCommand),
  }),
  errors: ['agent-key-unknown', 'runner-superseded', 'instance-cloned', 'agent-version-unsupported'],
  maxBodyBytes: 256 * 1024,
});

/** Begins a run, or returns the one begun before under the same correlation id. One live run a job: another id closes the older. */
export const beginRun = endpoint({
  name: 'agent-run-begin',
  summary: 'Begin a file sync, or resume the one with this correlation id',
  method: 'POST',
  path: '/api/agents/runs',
  callers: ['agent'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    jobId: id,
    /** Minted by the agent; ties every request, log line and row of the run together. */
    correlationId: z.uuid(),
    trigger: z.enum(['schedule', 'command', 'start']),
  }),
  response: z.object({
    runId,
    /** True when the run had been begun before. */
    resumed: z.boolean(),
    status: z.string(),
    /** Finished folders: a cheap look at each is enough. */
    sealedFolders: z.array(z.object({ folder: z.string(), fileCount: z.int() })),
  }),
  status: 201,
  errors: ['not-found', 'job-paused', 'agent-key-unknown', 'runner-superseded', 'run-superseded'],
});

/**
 * An agent's guard pauses a job whose source suddenly looks empty, unmounted or rewritten, or ends its own pause when the
 * source is again what it was. A pause by an operator is never touched; repeating either changes nothing.
 */
export const jobGuard = endpoint({
  name: 'agent-job-guard',
  summary: 'An agent pauses a job whose source cannot be trusted, or says that it can be again',
  method: 'POST',
  path: '/api/agents/guard',
  callers: ['agent'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    jobId: id,
    verdict: z.enum(['tripped', 'well']),
    reason: z.string().min(1).max(1000),
  }),
  response: z.object({
    /** Of the job as it is now: a later one without a pause means that an operator resumed it. */
    configVersion: z.int(),
    pausedReason: z.string().nullable(),
  }),
  errors: ['not-found', 'conflict', 'agent-key-unknown', 'runner-superseded'],
});

/**
 * Compares what the source has with the state index, first by one digest a folder, then by files where digests
 * differ. A folder's digest is recorded by the server itself when every file that was listed proves to be in the
 * index. Changes nothing else; may be repeated.
 */
export const compareRun = endpoint({
  name: 'agent-run-compare',
  summary: 'Compare folders by digest, and by files where the digests differ',
  method: 'POST',
  path: '/api/agents/runs/{runId}/compare',
  callers: ['agent'],
  params: z.object({ runId }),
  query: noQuery,
  body: manifest,
  isSurelyBody: isSurelyManifest,
  response: z.object({
    /** Of folders sent without files: those whose digest is not the known one. */
    changedFolders: z.array(z.string()),
    /** Of the files sent: those that the index does not hold with that size and time, nearest to the purge (oldest) first. */
    needed: z.array(z.string()),
    /**
     * For a caller with `Prefer: return=minimal`: of the folders sent with files, those of which every file is needed. Their
     * files are left out of `needed`. Servers of older versions never say it.
     */
    neededFolders: z.array(z.string()).optional(),
  }),
  errors: ['run-unknown', 'run-superseded', 'agent-key-unknown', 'runner-superseded'],
  maxBodyBytes: 8 * 1024 * 1024,
});

/** A path as shown to people: may hold what no share can, but no way out and no NUL. */
const reportedPath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0') && !path.startsWith('/') && !path.split('/').includes('..'), {
    message: 'wanted: a path below the source',
  });

/** What became of one file. Archived results carry what the share answered; the index takes the newest by `shareModifiedAt`. */
export const fileResult = z
  .strictObject({
    path: reportedPath,
    outcome: z.enum(outcomeNames),
    sizeBytes: sizeBytes.nullable(),
    mtimeMs: mtimeMs.nullable(),
    sha256: sha256.nullable(),
    /** Where it lies below the job's share path; differs from `path` when the source changed after archiving. */
    archivedPath: relativePath.nullable(),
    etag: z.string().max(200).nullable(),
    shareModifiedAt: instant.nullable(),
    bytesSent: sizeBytes,
    attempts: count,
    error: longText.nullable(),
  })
  .check((context) => {
    const {
      outcome,
      archivedPath,
      sizeBytes: size,
      mtimeMs: mtime,
      sha256: hash,
      etag,
      shareModifiedAt,
      path,
    } = context.value;
    if (!outcome.startsWith('archived') && outcome !== 'already_archived') return;
    const whole = [archivedPath, size, mtime, hash, etag, shareModifiedAt].every((fact) => fact !== null);
    const sound = relativePath.safeParse(path).success;
    if (whole && sound) return;
    context.issues.push({
      code: 'custom',
      input: outcome,
      path: whole ? ['path'] : ['outcome'],
      message:
        'an archived result names path, archivedPath, sizeBytes, mtimeMs, sha256, etag and shareModifiedAt',
    });
  });
export type FileResult = z.infer<typeof fileResult>;

/**
 * Takes results in idempotent chunks; the closing chunk names how many results the run has in all. A result of an
 * archived file enters the state index unless the index has a newer one. A run that was closed as `stale`
 * meanwhile is revived; results from an earlier, unfinished cycle may ride along.
 */
export const completeRun = endpoint({
  name: 'agent-run-complete',
  summary: 'Report what became of files; the closing chunk ends the run',
  method: 'POST',
  path: '/api/agents/runs/{runId}/complete',
  callers: ['agent'],
  params: z.object({ runId }),
  query: noQuery,
  body: z.strictObject({
    correlationId: z.uuid(),
    results: z.array(fileResult).max(1000),
    closing: z
      .strictObject({
        /** Distinct paths reported in this run, this chunk included. */
        expectedResults: count,
        filesExamined: count,
        /** Why the run ended early, if it did; makes it `partial` or, with nothing done, `failed`. */
        error: longText.nullable(),
      })
      .optional(),
  }),
  response: z.object({
    status: z.string(),
    filesArchived: z.int(),
    filesSkipped: z.int(),
    filesFailed: z.int(),
  }),
  errors: [
    'run-unknown',
    'run-superseded',
    'results-missing',
    'agent-key-unknown',
    'runner-superseded',
    'database-full',
  ],
  maxBodyBytes: 4 * 1024 * 1024,
});
