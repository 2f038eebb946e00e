import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FilesError } from '../errors.ts';
import { document, element, wrap } from '../xml.ts';

/** The newest service version this server was written against; echoed to clients that name none. */
const NEWEST_VERSION = '2026-10-06';

/** What an operation answers; headers without a value are left out. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: string | Buffer;
  /** A body that comes from the disk; the headers carry its Content-Length. */
  readonly stream?: Readable;
}

/** Sets what every answer carries: request id, version, the client's own id. */
export function prepareResponse(incoming: IncomingMessage, response: ServerResponse): string {
  const requestId = randomUUID();
  response.setHeader('x-ms-request-id', requestId);
  response.setHeader('x-ms-version', incoming.headers['x-ms-version'] ?? NEWEST_VERSION);
  const clientId = incoming.headers['x-ms-client-request-id'];
  if (clientId !== undefined) response.setHeader('x-ms-client-request-id', clientId);
  response.setHeader('Server', 'DataSync-Azure-Files');
  return requestId;
}

/** Sends an answer. Resolves when the body is handed to the socket; rejects when the client went away. */
export async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (answer.stream !== undefined) {
    await pipeline(answer.stream, response);
    return;
  }
  const body = answer.body ?? '';
  if (!response.hasHeader('Content-Length')) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

/** An XML answer. */
export function xmlAnswer(root: string, headers: Answer['headers'] = {}): Answer {
  return { status: 200, headers: { 'Content-Type': 'application/xml', ...headers }, body: document(root) };
}

/** The answer for an error: code and message in XML and the code in a header; HEAD has only the header. */
export function errorAnswer(error: FilesError, requestId: string, time: string, method: string): Answer {
  const headers = { 'x-ms-error-code': error.code, ...error.headers };
  if (method === 'HEAD') return { status: error.status, headers };
  const details = Object.entries(error.details).map(([name, value]) => element(name, value));
  const message = `${error.message}\nRequestId:${requestId}\nTime:${time}`;
  const root = wrap('Error', element('Code', error.code), element('Message', message), ...details);
  return {
    status: error.status,
    headers: { 'Content-Type': 'application/xml', ...headers },
    body: document(root),
  };
}
