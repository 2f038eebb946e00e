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
/** What an error says fits; whatever follows is not read. */
const MAX_RESPONSE_BYTES = 64 * 1024;

export interface OutsideRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request earlier than its own limit of 15 s would. */
  readonly signal?: AbortSignal;
}

export interface OutsideResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most 64 KiB of it. */
  readonly text: string;
}

/**
 * One request to an address from configuration; rejects with OutsideFault only. Redirects are answers like any other
 * and never followed; proxies of the environment are not used, since they would connect to what was not checked here.
 */
export type FetchOutside = (request: OutsideRequest) => Promise<OutsideResponse>;

/** Each request resolves the name once, checks every address and connects to exactly those. */
export function createFetchOutside(options: OutboundOptions & { readonly timeoutMs?: number }): FetchOutside {
  const resolveOutside = createResolveOutside(options);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  return async (request) => {
    const url = checkedUrl(request.url, options.allowPrivateAddresses);
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
    try {
      const addresses = await beforeAbort(resolveOutside(url.hostname), signal);
      return await exchange(url, request, addresses, signal);
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

function exchange(
  url: URL,
  { method, headers, body }: OutsideRequest,
  addresses: readonly [CheckedAddress, ...CheckedAddress[]],
  signal: AbortSignal,
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
      readBounded(response)
        .then(resolve, reject)
        .finally(() => request.destroy());
    });
    request.end(body);
  });
}

async function readBounded(response: IncomingMessage): Promise<OutsideResponse> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes >= MAX_RESPONSE_BYTES) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, text };
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
  const code = (error as { code?: unknown } | null)?.code;
  const reason = typeof code === 'string' ? code : 'the connection failed';
  return new OutsideFault('unreachable', `${url.host} could not be reached: ${reason}`, { cause: error });
}
