import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { InvocationResponse, RpcHttpData } from '../core-api.ts';
import type { Outcome } from '../invocation.ts';
import { serializeCookie } from './cookie.ts';
import { ClientGone } from './request-failures.ts';

/** Headers that belong to the connection: the server sets them, an app's are dropped. */
const connectionHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer'];

/** Up to this size, body and headers leave in one piece: Node joins them when both are text, and each byte is one letter of latin1. */
const joinedAnswerBytes = 16_384;

/**
 * Writes what a handler returned. A body that comes piece by piece (a Node or web stream, an async iterable) is sent
 * piece by piece; everything else goes out whole. A handler that returned nothing is answered with 204.
 * Rejects when a stream breaks: the connection is cut then, so that the client sees that the body is not whole.
 */
export async function sendAnswer(response: ServerResponse, outcome: Outcome): Promise<void> {
  const stream = streamedBody(outcome.result);
  if (stream === undefined) {
    sendWhole(response, await outcome.respond(outcome.result));
    return;
  }
  const { http } = readResponse(await outcome.respond({ ...(outcome.result as object), body: undefined }));
  const status = Number(http.statusCode);
  writeHead(response, http, status);
  if (response.req.method === 'HEAD' || status === 204 || status === 304) {
    response.end();
    await stream[Symbol.asyncIterator]().return?.();
    return;
  }
  try {
    await pipeline(stream, response);
  } catch (error) {
    const isClosed = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    throw isClosed ? new ClientGone('its answer was sent', error) : error;
  }
}

/** Ends a request without a body, if that can still be said. */
export function sendStatus(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-length': 0 });
  response.end();
}

function streamedBody(result: unknown): AsyncIterable<Uint8Array> | undefined {
  if (typeof result !== 'object' || result === null || !Object.hasOwn(result, 'body')) return undefined;
  const { body } = result as { body: unknown };
  const isStream = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  return isStream ? (body as AsyncIterable<Uint8Array>) : undefined;
}

function sendWhole(response: ServerResponse, answer: InvocationResponse): void {
  if (answer.returnValue === undefined || answer.returnValue === null) {
    response.writeHead(204);
    response.end();
    return;
  }
  const { http } = readResponse(answer);
  const body = bodyBytes(http);
  const headers = (http.headers ??= {});
  if (response.req.method !== 'HEAD' || body.length > 0) headers['content-length'] = String(body.length);
  writeHead(response, http, Number(http.statusCode));
  if (body.length > joinedAnswerBytes) response.end(body);
  else response.end(body.toString('latin1'), 'latin1');
}

function readResponse(answer: InvocationResponse): { http: RpcHttpData } {
  const http = answer.returnValue?.http;
  if (http === undefined) throw new Error('The programming model gave no HTTP answer for an HTTP function.');
  return { http };
}

function writeHead(response: ServerResponse, http: RpcHttpData, status: number): void {
  const headers: Record<string, string | string[]> = http.headers ?? {};
  for (const name of connectionHeaders) {
    if (name in headers) Reflect.deleteProperty(headers, name);
  }
  if (http.cookies !== undefined && http.cookies.length > 0) {
    headers['set-cookie'] = http.cookies.map(serializeCookie);
  }
  if (status === 204 || status === 304) Reflect.deleteProperty(headers, 'content-length');
  response.writeHead(status, headers);
}

function bodyBytes({ body }: RpcHttpData): Buffer {
  if (body?.bytes !== undefined) {
    return Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength);
  }
  return Buffer.from(body?.string ?? '');
}
