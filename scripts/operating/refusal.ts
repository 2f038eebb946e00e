import { CommanderError } from 'commander';
import { ProblemError, UnreachableError } from '../../shared/client/index.ts';
import type { ProblemDocument } from '../../shared/contract/problems.ts';
import { Ending } from './ending.ts';
import type { ExitName } from './exitCodes.ts';

/** Why a command ended without doing what was asked. */
export interface Refusal {
  readonly exit: ExitName;
  /** A sentence each: what is wrong, where, what to do. Foreign text is not escaped yet. */
  readonly lines: readonly string[];
  /** The same for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Ending) return ending(error);
  if (error instanceof ProblemError) return problem(error);
  if (error instanceof UnreachableError) return unreachable(error);
  // Commander has said it on standard error by itself.
  if (error instanceof CommanderError)
    return { exit: 'usage', lines: [], facts: { title: error.message.replace(/^error: /, '') } };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const title = 'sync-tool itself failed; please report it with these lines';
  return { exit: 'defect', lines: [title, ...text.split('\n')], facts: { title, detail: text } };
}

function ending({ exit, message, hints, facts, cause }: Ending): Refusal {
  const below = cause === undefined ? undefined : refusalOf(cause);
  return {
    exit,
    lines: [message, ...(below?.lines ?? []), ...hints],
    facts: { title: message, ...facts, ...(below === undefined ? {} : { cause: below.facts }) },
  };
}

function problem({ problem: document, retryAfterMs }: ProblemError): Refusal {
  const { code, status, title, detail, errors = [], extra, correlationId } = document;
  const lines = [
    title,
    detail,
    ...errors.map(({ pointer, message }) => `  ${pointer}: ${message}`),
    ...hintsOn(document, retryAfterMs),
  ];
  return {
    exit: exitOf(status),
    lines,
    facts: { code, status, title, detail, errors, extra, correlationId },
  };
}

function exitOf(status: number): ExitName {
  if (status === 401 || status === 403) return 'notAllowed';
  if (status === 404) return 'notFound';
  if (status === 409) return 'conflict';
  return status === 429 || status >= 500 ? 'unreachable' : 'usage';
}

function hintsOn({ status, correlationId }: ProblemDocument, retryAfterMs: number | undefined): string[] {
  if (status === 401) return ['Is DATASYNC_TOKEN a personal token of this server that was not revoked?'];
  const hints: string[] = [];
  if (retryAfterMs !== undefined) hints.push(`Try again in ${String(Math.ceil(retryAfterMs / 1000))} s.`);
  if (status >= 500 && correlationId !== undefined)
    hints.push(`The server's log has more under the correlation id ${correlationId}.`);
  return hints;
}

function unreachable(error: UnreachableError): Refusal {
  const reason = deepestReason(error);
  const detail = reason === undefined ? error.message : `${error.message} (${reason})`;
  const title = 'The server cannot be reached';
  const hint = 'Is it up, and is DATASYNC_URL (or --server) its address?';
  return { exit: 'unreachable', lines: [title, detail, hint], facts: { code: 'unreachable', title, detail } };
}

/** `fetch failed` says nothing; what is below it does. */
function deepestReason({ cause }: Error): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const below = deepestReason(cause);
  if (below !== undefined) return below;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return cause.message.split('\n', 1)[0];
}
