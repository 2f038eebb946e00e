import {
  type ClientRequest,
  type IncomingMessage,
  Agent as HttpAgent,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { OutsideFault } from './outsideFault.ts';
import { pinnedTo } from './pinnedLookup.ts';
import { type CheckedAddress, createResolveOutside, type OutboundOptions } from './resolveOutside.ts';

const TIMEOUT_MS = 15_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024;

export type OutsideMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface OutsideRequest {
  readonly url: string;
  readonly method: OutsideMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request earlier than its own limit would. */
  readonly signal?: AbortSignal;
}

export interface OutsideResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most `maxResponseBytes` of it. */
  readonly text: string;
  /** False: the answer was longer than that, and its rest was not read. */
  readonly isWhole: boolean;
}

/**
 * One request to an address from configuration; rejects with OutsideFault only. Redirects are answers like any other
 * and never followed; proxies of the environment are not used, since they would connect to what was not checked here.
 */
export type FetchOutside = (request: OutsideRequest) => Promise<OutsideResponse>;

export interface FetchOutsideOptions extends OutboundOptions {
  /** For the whole exchange; 15 s unless said otherwise. */
  readonly timeoutMs?: number;
  /** 64 KiB unless said otherwise: what an error says fits. */
  readonly maxResponseBytes?: number;
}

/** Each request resolves the name once, checks every address and connects to exactly those. */
export function createFetchOutside(options: FetchOutsideOptions): FetchOutside {
  const resolveOutside = createResolveOutside(options);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const maxBytes = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
  return async (request) => {
    const url = checkedUrl(request.url, options.allowPrivateAddresses);
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
    try {
      const addresses = await beforeAbort(resolveOutside(url.hostname), signal);
      return await exchange(url, request, { addresses, signal, maxBytes });
    } catch (error) {
      throw asFault(error, url, signal);
    }
  };
}

function checkedUrl(text: string, allowHttp: boolean): URL {
  const url = URL.parse(text);
  if (url === null) throw new OutsideFault('refused', 'The configured address is no URL; wanted https://…');
  const protocols = allowHttp ? ['https:', 'http:'] : ['https:'];
  if (!protocols.includes(url.protocol)) {
    throw new OutsideFault(
      'refused',
      `Connecting to ${url.hostname} was refused: ${url.protocol} is not https:`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutsideFault(
      'refused',
      `Connecting to ${url.hostname} was refused: its address holds a user or a password; wanted none`,
    );
  }
  return url;
}

interface Connection {
  readonly addresses: readonly [CheckedAddress, ...CheckedAddress[]];
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}

function exchange(
  url: URL,
  { method, headers, body }: OutsideRequest,
  { addresses, signal, maxBytes }: Connection,
): Promise<OutsideResponse> {
  return new Promise((resolve, reject) => {
    const isHttps = url.protocol === 'https:';
    const content = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request: ClientRequest = (isHttps ? httpsRequest : httpRequest)(url, {
      method,
      headers: { 'user-agent': 'DataSync', ...headers, ...content },
      // An agent of its own: the global one may be told by the environment to use a proxy.
      agent: isHttps ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false }),
      lookup: pinnedTo(addresses),
      signal,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      readBounded(response, maxBytes)
        .then(resolve, reject)
        .finally(() => request.destroy());
    });
    request.end(body);
  });
}

async function readBounded(response: IncomingMessage, maxBytes: number): Promise<OutsideResponse> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) break;
    }
  } catch (cause) {
    throw new CutShort(response.statusCode ?? 0, sizeBytes, { cause });
  }
  const text = Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  const { statusCode: status = 0, headers } = response;
  return { status, headers, text, isWhole: sizeBytes <= maxBytes };
}

/** The connection ended within an answer. */
class CutShort extends Error {
  constructor(status: number, sizeBytes: number, options: ErrorOptions) {
    super(`its answer (${String(status)}) broke off after ${String(sizeBytes)} bytes`, options);
  }
}

async function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function asFault(error: unknown, url: URL, signal: AbortSignal): OutsideFault {
  if (error instanceof OutsideFault) return error;
  if (signal.aborted) return new OutsideFault('timeout', `${url.host} did not answer in time`);
  if (error instanceof CutShort) return new OutsideFault('cut', `${url.host}: ${error.message}`);
  const code = (error as { code?: unknown } | null)?.code;
  const reason = typeof code === 'string' ? code : 'the connection failed';
  return new OutsideFault('unreachable', `${url.host} could not be reached: ${reason}`, { cause: error });
}
