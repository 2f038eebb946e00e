import type { ZodType } from 'zod';
import type { ApiError } from './apiError.ts';
import { type FailedRequest, failureOfBody, failureOfFault, failureOfStatus } from './apiFailure.ts';
import { type ApiRequest, describeRequest, outsideRequest } from './apiRequest.ts';
import { createFetchOutside, type OutsideResponse } from './fetchOutside.ts';
import { createPace } from './pace.ts';
import type { OutboundOptions } from './resolveOutside.ts';
import { withoutCredentials } from './withoutCredentials.ts';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 8 * 1024 * 1024;

export interface ApiClientOptions extends OutboundOptions {
  /** `https://api.example.org/v2`; paths are below it. */
  readonly baseUrl: string;
  /** Asked for each request, so that a renewed credential is used at once. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** Left out: as fast as they come. */
  readonly requestsPerSecond?: number | undefined;
  /** For one request; 30 s unless said otherwise. */
  readonly timeoutMs?: number;
  /** 8 MiB unless said otherwise; a longer answer is a failure. */
  readonly maxBodyBytes?: number;
  readonly now?: () => Date;
}

export interface ApiAnswer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: OutsideResponse['headers'];
}

/**
 * Speaks to one third party's API. Throws ApiError only (SPEC W4), or the reason of the caller's signal; repeats
 * nothing, which is the caller's to decide. Follows no redirect.
 */
export interface ApiClient {
  /** A body that is empty (204) is null. */
  json(path: string, request?: ApiRequest): Promise<ApiAnswer<unknown>>;
  /** JSON of a shape that the caller knows; another one is a failure, with what was seen. */
  read<Body>(path: string, shape: ZodType<Body>, request?: ApiRequest): Promise<ApiAnswer<Body>>;
  text(path: string, request?: ApiRequest): Promise<ApiAnswer<string>>;
}

/** One client per source and process: its pace is what keeps the source's rate limit. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const fetchOutside = createFetchOutside({
    ...options,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    maxResponseBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
  });
  const pace = options.requestsPerSecond === undefined ? undefined : createPace(options.requestsPerSecond);
  const now = options.now ?? (() => new Date());

  async function exchange(path: string, request: ApiRequest): Promise<Exchange> {
    const headers = options.headers();
    const sent = outsideRequest(options.baseUrl, path, request, headers);
    await pace?.(request.signal);
    const failed = (): FailedRequest => ({
      request: describeRequest(sent),
      clean: withoutCredentials(headers),
      nowMs: now().getTime(),
    });
    try {
      return { answer: await fetchOutside(sent), failed };
    } catch (error) {
      request.signal?.throwIfAborted();
      throw failureOfFault(error, failed());
    }
  }

  return {
    json: async (path, request = {}) => {
      const { answer, failed } = await exchange(path, request);
      const { status, headers } = successful(answer, failed, options);
      return { status, headers, body: parsed(answer, failed) };
    },
    read: async (path, shape, request = {}) => {
      const { answer, failed } = await exchange(path, request);
      const { status, headers } = successful(answer, failed, options);
      return { status, headers, body: shaped(shape, parsed(answer, failed), answer, failed) };
    },
    text: async (path, request = {}) => {
      const { answer, failed } = await exchange(path, request);
      const { status, headers, text } = successful(answer, failed, options);
      return { status, headers, body: text };
    },
  };
}

interface Exchange {
  readonly answer: OutsideResponse;
  readonly failed: () => FailedRequest;
}

function successful(
  answer: OutsideResponse,
  failed: Exchange['failed'],
  { maxBodyBytes = MAX_BODY_BYTES }: ApiClientOptions,
): OutsideResponse {
  if (answer.status < 200 || answer.status > 299) throw failureOfStatus(answer, failed());
  if (answer.isWhole) return answer;
  throw failureOfBody(answer, `with more than ${String(maxBodyBytes)} bytes; wanted less`, failed());
}

function parsed(answer: OutsideResponse, failed: Exchange['failed']): unknown {
  if (answer.text === '') return null;
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    throw notJson(answer, failed());
  }
}

function notJson(answer: OutsideResponse, failed: FailedRequest): ApiError {
  const type = answer.headers['content-type'];
  const kind = typeof type === 'string' ? type : 'no content type';
  return failureOfBody(
    answer,
    `its body is no JSON (${kind}, ${String(answer.text.length)} characters)`,
    failed,
  );
}

function shaped<Body>(
  shape: ZodType<Body>,
  body: unknown,
  answer: OutsideResponse,
  failed: Exchange['failed'],
): Body {
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined ? 'its body' : `/${issue.path.map(String).join('/')}`;
  throw failureOfBody(answer, `not in the shape that is known: ${where}: ${issue?.message ?? ''}`, failed());
}
