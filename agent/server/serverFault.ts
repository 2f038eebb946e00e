import { ProblemError, UnreachableError } from '../../shared/client/index.ts';
import type { ProblemCode } from '../../shared/contract/problems.ts';
import { AgentEnd, type ExitCode, exitCodes } from '../exitCodes.ts';

/** Whether the server refused with this problem. */
export function isProblem(error: unknown, code: ProblemCode): error is ProblemError {
  return error instanceof ProblemError && error.problem.code === code;
}

const MALFORMED = new Set<string>(['invalid-request', 'malformed-json', 'body-too-large']);

/** Whether the server refused what the request holds: sending the same again never helps. */
export function isMalformed(error: unknown): error is ProblemError {
  return error instanceof ProblemError && MALFORMED.has(error.problem.code);
}

/** Refusals that another attempt later may not meet: the agent goes on without the server meanwhile. */
const FOR_NOW = new Set<string>([
  'database-full',
  'too-many-requests',
  'unavailable',
  'internal',
  'agent-key-unknown',
]);

/** Whether the server cannot be had at the moment: the archive goes on, and results wait in the journal. */
export function isServerAway(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.problem.status >= 500 || FOR_NOW.has(error.problem.code));
}

const ENDS: ReadonlyMap<string, ExitCode> = new Map([
  ['runner-superseded', exitCodes.superseded],
  ['instance-cloned', exitCodes.cloned],
  ['agent-version-unsupported', exitCodes.versionUnsupported],
]);

/** Throws `AgentEnd` when a refusal means that this process has to stop; it does not come back by itself. */
export function endIfTold(error: unknown): void {
  if (!(error instanceof ProblemError)) return;
  const exitCode = ENDS.get(error.problem.code);
  if (exitCode !== undefined)
    throw new AgentEnd(exitCode, `the server refused: ${error.message}`, { cause: error });
}

/** One line for the log about a failed call. */
export function serverFaultText(error: unknown): string {
  if (error instanceof UnreachableError)
    return `server unreachable: ${error.message}${causeText(error.cause)}`;
  if (error instanceof ProblemError)
    return `${String(error.problem.status)} ${error.problem.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function causeText(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? ` (${inner.message})` : '';
}
