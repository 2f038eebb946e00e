import type { ServerResponse } from 'node:http';
import type { FaultKind } from './faults.ts';
import type { PartyAnswer } from './thirdParty.ts';

export function sendAnswer(response: ServerResponse, { status, headers, body }: PartyAnswer): void {
  const text = bodyText(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Answers as something that is broken. */
export function sendBroken(
  response: ServerResponse,
  kind: Exclude<FaultKind['kind'], 'status' | 'emptied'>,
  answer: PartyAnswer,
): void {
  switch (kind) {
    case 'silence':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'html':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html><h1>We will be right back</h1></html>');
      return;
    case 'half': {
      const text = bodyText(answer.body);
      response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(text) });
      response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
    }
  }
}

function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
