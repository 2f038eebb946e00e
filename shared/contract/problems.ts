import { z } from 'zod';

/**
 * Every way in which the API refuses, with its status and title. The problem's `type` is
 * `urn:datasync:problem:<code>` (RFC 9457); clients decide by `code`, people read `title` and `detail`.
 */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not what this endpoint takes' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'agent-version-unsupported': { status: 400, title: 'This server does not speak the agent’s version' },
  'not-signed-in': { status: 401, title: 'Sign in, or send a token' },
  'sign-in-failed': { status: 401, title: 'The address or the password is wrong' },
  'agent-key-unknown': { status: 401, title: 'No approved agent has this key' },
  'not-allowed': { status: 403, title: 'You may not do this' },
  'origin-refused': { status: 403, title: 'The request came from another site' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'run-unknown': { status: 404, title: 'The server does not know this run' },
  'runner-superseded': { status: 409, title: 'Another agent has taken this runner’s place' },
  'instance-cloned': { status: 409, title: 'Another copy of this agent is alive' },
  'run-superseded': { status: 409, title: 'A newer run of this job has begun' },
  'results-missing': { status: 409, title: 'Some results have not arrived' },
  'already-decided': { status: 409, title: 'This was decided before' },
  'already-running': { status: 409, title: 'It is running already' },
  'share-looks-empty': { status: 409, title: 'The share looks empty and the index does not' },
  'not-proved': { status: 409, title: 'No run has proved the folder complete yet' },
  'job-paused': { status: 409, title: 'The job is paused' },
  'wrong-state': { status: 409, title: 'It is not in a state that allows this' },
  'not-configured': { status: 409, title: 'A setting that this needs is missing' },
  conflict: { status: 409, title: 'Somebody else changed it first' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'wrong-media-type': { status: 415, title: 'The body must be application/json' },
  'too-many-pending': { status: 429, title: 'Too many agents are waiting for approval' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'A part that this needs does not answer' },
  'database-full': { status: 507, title: 'The database is full' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** A problem document as it travels (RFC 9457, `application/problem+json`). */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What was being done, with what, and what was wanted. */
  detail: z.string(),
  code: z.string(),
  correlationId: z.string().optional(),
  /** Where in the request: JSON pointers (`/body/files/3/path`) with what was wrong there. At most 20. */
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  /** Facts that a program needs, for instance which results are missing. */
  extra: z.record(z.string(), z.unknown()).optional(),
});

export type ProblemDocument = z.infer<typeof problemDocument>;
