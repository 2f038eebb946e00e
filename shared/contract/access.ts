import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { cursor, id, instant, noParams, nothing, noQuery, pageSize, role, shortText } from './fields.ts';

/** Public; says nothing secret. 503 with the same shape when a check fails. */
export const health = endpoint({
  name: 'health',
  summary: 'Is the control plane well?',
  method: 'GET',
  path: '/api/health',
  callers: ['public'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({
    status: z.enum(['healthy', 'unhealthy']),
    database: z.enum(['connected', 'disconnected']),
    checks: z.record(z.string(), z.enum(['ok', 'failed'])),
    version: z.string(),
    /** Seconds since this instance started. */
    uptime: z.number(),
  }),
});

export const openApi = endpoint({
  name: 'openapi',
  summary: 'This API as an OpenAPI 3.1 document',
  method: 'GET',
  path: '/api/openapi.json',
  callers: ['public'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.record(z.string(), z.unknown()),
});

/** Names as people query them: snake_case, as in the tables. */
export const diagFleet = endpoint({
  name: 'diag-fleet',
  summary: 'The fleet for scripts, with the CI secret',
  method: 'GET',
  path: '/api/diag/fleet',
  callers: ['ci', 'viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({
    now: instant,
    version: z.string(),
    runners: z.array(
      z.object({
        runner_id: id,
        name: z.string(),
        status: z.string(),
        agent_version: z.string().nullable(),
        last_heartbeat: instant.nullable(),
        active_jobs: z.int().nullable(),
        azure_files_status: z.string().nullable(),
        backlog_count: z.int(),
        source_count: z.int(),
        archived_count: z.int(),
        last_run_status: z.string().nullable(),
        last_run_at: instant.nullable(),
      }),
    ),
  }),
});

export const me = z.object({
  userId: id,
  email: z.string(),
  displayName: z.string(),
  role,
  organizationId: id,
  organizationName: z.string(),
});
export type Me = z.infer<typeof me>;

/** Sets the session cookie (HttpOnly, SameSite=Strict). Attempts are limited per address and account. */
export const signIn = endpoint({
  name: 'sign-in',
  summary: 'Sign in with a local account',
  method: 'POST',
  path: '/api/session',
  callers: ['public'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({ email: z.string().min(3).max(200), password: z.string().min(1).max(200) }),
  response: me,
  errors: ['sign-in-failed', 'too-many-requests'],
});

export const session = endpoint({
  name: 'session',
  summary: 'Who am I?',
  method: 'GET',
  path: '/api/session',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: me,
});

export const signOut = endpoint({
  name: 'sign-out',
  summary: 'End this session',
  method: 'DELETE',
  path: '/api/session',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.undefined(),
  status: 204,
});

export const userView = z.object({
  userId: id,
  email: z.string(),
  displayName: z.string(),
  role,
  disabled: z.boolean(),
  createdAt: instant,
});

export const users = endpoint({
  name: 'users',
  summary: 'People and their roles',
  method: 'GET',
  path: '/api/admin/users',
  callers: ['admin'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ users: z.array(userView) }),
});

/** At least 12 characters; kept as scrypt. */
const password = z.string().min(12).max(200);

export const createUser = endpoint({
  name: 'user-create',
  summary: 'Add a person',
  method: 'POST',
  path: '/api/admin/users',
  callers: ['admin'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({ email: z.email().max(200), displayName: shortText, role, password }),
  response: z.object({ userId: id }),
  status: 201,
  errors: ['conflict'],
});

export const updateUser = endpoint({
  name: 'user-update',
  summary:
    'Change a person’s role, password or access; ends their sessions, and with a new password their tokens',
  method: 'PUT',
  path: '/api/admin/users/{userId}',
  callers: ['admin'],
  params: z.object({ userId: id }),
  query: noQuery,
  body: z.strictObject({
    role: role.optional(),
    password: password.optional(),
    disabled: z.boolean().optional(),
  }),
  response: z.object({ user: userView }),
  errors: ['not-found', 'conflict'],
});

/** The token is shown once, here; only its hash is kept. */
export const createToken = endpoint({
  name: 'token-create',
  summary: 'Make a personal token for command lines; only by whoever signed in, never by a token',
  method: 'POST',
  path: '/api/tokens',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({ name: shortText, role, expiresInDays: z.int().min(1).max(366).optional() }),
  response: z.object({ tokenId: id, token: z.string() }),
  status: 201,
  errors: ['not-allowed'],
});

export const tokens = endpoint({
  name: 'tokens',
  summary: 'My tokens, without their secrets',
  method: 'GET',
  path: '/api/tokens',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({
    tokens: z.array(
      z.object({
        tokenId: id,
        name: z.string(),
        role,
        createdAt: instant,
        expiresAt: instant.nullable(),
        lastUsedAt: instant.nullable(),
        revoked: z.boolean(),
      }),
    ),
  }),
});

export const revokeToken = endpoint({
  name: 'token-revoke',
  summary: 'Revoke one of my tokens',
  method: 'DELETE',
  path: '/api/tokens/{tokenId}',
  callers: ['viewer'],
  params: z.object({ tokenId: id }),
  query: noQuery,
  body: nothing,
  response: z.undefined(),
  status: 204,
  errors: ['not-found'],
});

export const auditLog = endpoint({
  name: 'audit-log',
  summary: 'Who did what, newest first',
  method: 'GET',
  path: '/api/admin/audit-log',
  callers: ['admin'],
  params: noParams,
  query: z.strictObject({ cursor, limit: pageSize }),
  body: nothing,
  response: z.object({
    entries: z.array(
      z.object({
        entryId: id,
        at: instant,
        actorKind: z.string(),
        actor: z.string(),
        action: z.string(),
        subjectType: z.string(),
        subjectId: z.string(),
        detail: z.unknown(),
      }),
    ),
    nextCursor: z.string().nullable(),
  }),
});
