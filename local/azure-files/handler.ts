import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Accounts } from './auth/accounts.ts';
import { authenticate, authorize } from './auth/authorize.ts';
import type { SasContext } from './auth/sas.ts';
import { FilesError } from './errors.ts';
import { ConnectionGone, strikeAfter, strikeBefore } from './faults/applyFault.ts';
import type { Faults } from './faults/faultRules.ts';
import { readRequest } from './http/request.ts';
import type { FilesRequest } from './http/request.ts';
import { errorAnswer, prepareResponse, sendAnswer } from './http/respond.ts';
import type { OperationContext } from './operations/context.ts';
import { routeOf } from './routes.ts';
import type { Route } from './routes.ts';
import { isErrno } from './store/disk.ts';
import type { Stamps } from './store/stamps.ts';
import { toFileTime } from './store/stamps.ts';
import type { Store } from './store/store.ts';

/** One finished request. The path carries no query: signatures stand there. */
export interface AccessLine {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly durationMs: number;
  /** What went wrong inside, where the client was told only `InternalError`. */
  readonly error?: unknown;
}

export interface HandlerParts {
  readonly accounts: Accounts;
  readonly store: Store;
  readonly stamps: Stamps;
  readonly faults: Faults;
  readonly log: (line: AccessLine) => void;
}

interface Outcome {
  operation: string;
  code?: string;
  error?: unknown;
}

/** Answers one request, whatever comes of it. */
export async function handleRequest(
  parts: HandlerParts,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const outcome: Outcome = { operation: 'Unknown' };
  const requestId = prepareResponse(incoming, response);
  try {
    await serve(parts, incoming, response, outcome);
  } catch (error) {
    await answerError(parts, { incoming, response, requestId, error, outcome });
  }
  parts.log({
    method: incoming.method ?? '',
    path: (incoming.url ?? '').replace(/\?.*$/s, ''),
    operation: outcome.operation,
    status: response.statusCode,
    code: outcome.code,
    durationMs: performance.now() - startedAt,
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  });
}

async function serve(
  parts: HandlerParts,
  incoming: IncomingMessage,
  response: ServerResponse,
  outcome: Outcome,
): Promise<void> {
  const isAccount = (name: string) => parts.accounts.has(name);
  const request = readRequest(incoming, isAccount);
  const sas = sasContext(parts, request);
  const caller = authenticate(request, sas);
  const route = routeOf(request);
  outcome.operation = route.operation;
  const fault = parts.faults.strike(subjectOf(request, route));
  if (fault !== undefined) await strikeBefore(fault, incoming, caller);
  authorize(caller, route.needs);
  const { store, stamps } = parts;
  const context: OperationContext = { request, caller, store, stamps, sas, isAccount };
  const answer = await route.run(context);
  if (!strikeAfter(fault, response, answer)) await sendAnswer(response, answer);
}

function sasContext(parts: HandlerParts, request: FilesRequest): SasContext {
  const { account, share } = request.address;
  return {
    accounts: parts.accounts,
    nowMs: parts.stamps.now(),
    policies: () => parts.store.share(account, share ?? '').record.policies,
  };
}

function subjectOf({ method, address }: FilesRequest, { operation }: Route) {
  const path = [address.account, address.share, address.path].filter(
    (part) => part !== undefined && part !== '',
  );
  return { method, operation, path: path.join('/') };
}

interface Failure {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly error: unknown;
  readonly outcome: Outcome;
}

async function answerError(parts: HandlerParts, failure: Failure): Promise<void> {
  const { incoming, response, requestId, error, outcome } = failure;
  if (error instanceof ConnectionGone || isGone(error) || response.headersSent) {
    outcome.code = 'ConnectionGone';
    if (!(error instanceof ConnectionGone)) response.destroy();
    return;
  }
  const known = error instanceof FilesError ? error : new FilesError('InternalError', { cause: error });
  outcome.code = known.code;
  if (!(error instanceof FilesError)) outcome.error = error;
  await sendAnswer(
    response,
    errorAnswer(known, requestId, toFileTime(parts.stamps.now()), incoming.method ?? ''),
  );
}

/** The client hung up while its body came in or its answer went out. */
function isGone(error: unknown): boolean {
  return isErrno(error, 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED');
}
