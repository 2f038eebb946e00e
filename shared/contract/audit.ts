import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { agentVersion, id, instant, noParams, nothing } from './fields.ts';

export const checkResult = z.object({
  /** `AGENT_ALIVE` and so on. */
  name: z.string(),
  status: z.enum(['pass', 'warn', 'fail']),
  /** One sentence with numbers. */
  summary: z.string(),
  /** What the verdict rests on, one entry a runner, job or run; at most 100. */
  evidence: z.array(
    z.object({ subject: z.string(), status: z.enum(['pass', 'warn', 'fail']), detail: z.string() }),
  ),
});
export type CheckResult = z.infer<typeof checkResult>;

export const auditResult = z.object({
  auditId: id,
  verdict: z.enum(['pass', 'warn', 'fail', 'error']),
  /** 0: all pass or warn; 1: a check failed; 2: the audit itself failed. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  trigger: z.string(),
  requestedBy: z.string(),
  minVersion: z.string().nullable(),
  startedAt: instant,
  finishedAt: instant,
  checks: z.array(checkResult),
});
export type AuditResult = z.infer<typeof auditResult>;

/** Runs the audit now, keeps the result and returns it. */
export const fidelityAudit = endpoint({
  name: 'fidelity-audit',
  summary: 'Run the fidelity audit and keep its result',
  method: 'GET',
  path: '/api/admin/fidelity-audit',
  callers: ['ci', 'operator'],
  params: noParams,
  query: z.strictObject({ minVersion: agentVersion.optional() }),
  body: nothing,
  response: auditResult,
});

export const auditResults = endpoint({
  name: 'audit-results',
  summary: 'Earlier audits, newest first; 50 at most',
  method: 'GET',
  path: '/api/admin/audit-results',
  callers: ['ci', 'viewer'],
  params: noParams,
  query: z.strictObject({}),
  body: nothing,
  response: z.object({ now: instant, results: z.array(auditResult) }),
});
