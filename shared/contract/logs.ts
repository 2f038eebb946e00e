import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { cursor, id, instant, longText, noParams, nothing, noQuery, pageSize } from './fields.ts';

export const logLevel = z.enum(['Debug', 'Information', 'Warning', 'Error']);
export type LogLevel = z.infer<typeof logLevel>;

/** Comma-separated: `Warning,Error`. */
export const logLevels = z
  .string()
  .regex(/^(Debug|Information|Warning|Error)(,(Debug|Information|Warning|Error))*$/, {
    message: 'wanted: any of Debug,Information,Warning,Error',
  });

export const shippedLine = z.strictObject({
  at: instant,
  /** Position in the agent's own file: makes a line that is sent twice one line. */
  sequence: z.int().min(0),
  level: logLevel,
  message: longText,
  correlationId: z.string().max(100).nullable(),
  jobId: id.nullable(),
  /** Further facts, small. */
  facts: z.record(z.string().max(100), z.unknown()).optional(),
});
export type ShippedLine = z.infer<typeof shippedLine>;

/** Idempotent by day and sequence. Shed first under pressure: an agent drops what it cannot ship and says how many lines that were. */
export const shipLogs = endpoint({
  name: 'agent-logs',
  summary: 'An agent ships lines of its log',
  method: 'POST',
  path: '/api/agents/logs',
  callers: ['agent'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    lines: z.array(shippedLine).max(500),
    /** Lines left out since the last shipment: a flood was cut. */
    dropped: z.int().min(0),
  }),
  response: z.object({
    accepted: z.int(),
    /** The agent waits this long before it ships again. */
    waitSeconds: z.int(),
  }),
  status: 202,
  errors: ['agent-key-unknown', 'runner-superseded', 'unavailable'],
  maxBodyBytes: 512 * 1024,
});

export const logLine = z.object({
  at: instant,
  receivedAt: instant,
  level: logLevel,
  runnerId: id,
  message: z.string(),
  correlationId: z.string().nullable(),
  jobId: id.nullable(),
  facts: z.unknown(),
});
export type LogLine = z.infer<typeof logLine>;

export const adminLogs = endpoint({
  name: 'admin-logs',
  summary: 'Lines of one runner’s log, newest first; 24 h unless said otherwise',
  method: 'GET',
  path: '/api/admin/logs',
  callers: ['viewer', 'ci'],
  params: noParams,
  query: z.strictObject({
    runnerId: id,
    level: logLevels.optional(),
    from: instant.optional(),
    to: instant.optional(),
    correlationId: z.string().max(100).optional(),
    search: z.string().max(200).optional(),
    cursor,
    limit: pageSize,
  }),
  body: nothing,
  response: z.object({ now: instant, lines: z.array(logLine), nextCursor: z.string().nullable() }),
  errors: ['not-found', 'unavailable'],
});
