import { ProblemError, UnreachableError } from '../../shared/client/index.ts';

/** A server that is away for longer is not waited for; the run does not need this program. */
export const PATIENCE_MS = 60_000;

/** The server did not answer, or could not just now. */
export function mayAnswerSoon(failure: unknown): boolean {
  const { status } = failure instanceof ProblemError ? failure.problem : { status: 0 };
  return failure instanceof UnreachableError || status === 429 || status >= 500;
}
