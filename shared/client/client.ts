import type { BodyOf, Endpoint, ParamsOf, QueryOf, ResponseOf } from '../contract/endpoint.ts';
import { type ProblemDocument, problemDocument } from '../contract/problems.ts';
import { TRACE_PARENT_HEADER } from '../domain/traceParent.ts';
import { operationOf } from './operation.ts';

/** The server refused: carries its problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: ProblemDocument;
  /** From `Retry-After`, when the server named one. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: ProblemDocument, retryAfterMs: number | undefined, endpointName: string) {
    super(`${endpointName}: ${problem.title} (${String(problem.status)} ${problem.code}): ${problem.detail}`);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The server could not be reached, did not answer in time, or answered with something that is not this API. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The part of an answer that the client reads. */
export type Answer = Pick<Response, 'ok' | 'status' | 'arrayBuffer'> & {
  readonly headers: Pick<Headers, 'get'>;
};

export interface ClientOptions {
  /** The server's address, `http://127.0.0.1:7071`; `''` in a browser means the page's own origin. */
  readonly baseUrl: string;
  /** Asked before each request, so that a changed token is used at once. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Answer>;
  /** For the whole answer; 30 s unless said otherwise. */
  readonly timeoutMs?: number;
}

type Part<Key extends string, Value> = undefined extends Value
  ? { [K in Key]?: Value }
  : { [K in Key]: Value };
/** An endpoint without parameters infers `Record<string, never>`. */
type PartIfNamed<Key extends string, Value> = string extends keyof Value
  ? { [K in Key]?: Value }
  : Part<Key, Value>;

/** What a call needs: only the parts that the endpoint declares. */
export type CallInput<E extends Endpoint> = PartIfNamed<'params', ParamsOf<E>> & {
  query?: QueryOf<E>;
} & Part<'body', BodyOf<E>> & { signal?: AbortSignal };

export interface Client {
  /**
   * Calls one endpoint. Rejects with `ProblemError` when the server refuses and `UnreachableError` when there is
   * no answer of this API in time. Does not retry: the caller knows whether repeating is safe.
   */
  call<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<ResponseOf<E>>;
}

/** The typed client of agent, dashboard and command lines. */
export function createClient(options: ClientOptions): Client {
  return {
    call: async <E extends Endpoint>(endpoint: E, input: CallInput<E>) => {
      const response = await send(options, endpoint, input);
      const text = await readText(response, endpoint.name);
      if (!response.ok) throw refusal(response, text, endpoint.name);
      return parseAnswer(endpoint, text);
    },
  };
}

interface LooseInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

async function send(options: ClientOptions, endpoint: Endpoint, input: LooseInput): Promise<Answer> {
  const url = `${options.baseUrl}${fillPath(endpoint.path, asRecord(input.params))}${queryText(asRecord(input.query))}`;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
  const headers: Record<string, string> = {
    accept: 'application/json',
    [TRACE_PARENT_HEADER]: operationOf(input.body),
    ...options.headers?.(),
  };
  const body = input.body === undefined ? null : JSON.stringify(input.body);
  if (body !== null) headers['content-type'] = 'application/json';
  try {
    return await (options.fetch ?? fetch)(url, {
      method: endpoint.method,
      headers,
      body,
      signal: input.signal === undefined ? timeout : AbortSignal.any([timeout, input.signal]),
    });
  } catch (cause) {
    throw new UnreachableError(`${endpoint.name}: no answer from ${options.baseUrl}`, { cause });
  }
}

async function readText(response: Answer, endpointName: string): Promise<string> {
  try {
    // The decoder behind Node's own `text()` takes many times as long over a megabyte.
    return new TextDecoder().decode(await response.arrayBuffer());
  } catch (cause) {
    throw new UnreachableError(`${endpointName}: the answer broke off`, { cause });
  }
}

function refusal(response: Answer, text: string, endpointName: string): Error {
  const problem = problemDocument.safeParse(parseJson(text));
  if (!problem.success)
    return new UnreachableError(`${endpointName}: status ${String(response.status)} and no problem document`);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ProblemError(
    problem.data,
    Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
    endpointName,
  );
}

function parseAnswer<E extends Endpoint>(endpoint: E, text: string): ResponseOf<E> {
  const answer = endpoint.response.safeParse(text === '' ? undefined : parseJson(text));
  if (answer.success) return answer.data as ResponseOf<E>;
  throw new UnreachableError(`${endpoint.name}: the answer is not what the contract says`, {
    cause: answer.error,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the schema that reads it next says so
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Puts encoded parameters into `{name}` places; a missing one is a mistake of the caller. */
export function fillPath(path: string, params: Readonly<Record<string, unknown>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (typeof value !== 'string')
      throw new TypeError(`path ${path}: parameter ${name} is missing; wanted: a text`);
    return encodeURIComponent(value);
  });
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
