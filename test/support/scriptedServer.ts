import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type SecureContextOptions } from 'node:tls';

/** What a server answers: an answer, no answer at all, or a cut connection. */
export type ScriptedAnswer =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
      /** The connection is cut within the body. */
      readonly breaksOff?: true;
    }
  | 'silence'
  | 'reset';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A real HTTP(S) server on 127.0.0.1 that answers by a script, and then goes on with its last answer. */
export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  script(...answers: readonly [ScriptedAnswer, ...ScriptedAnswer[]]): void;
  close(): Promise<void>;
}

export async function startScriptedServer(
  tls?: Pick<SecureContextOptions, 'key' | 'cert'>,
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  let answers: ScriptedAnswer[] = [{ status: 200 }];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    requests.push({ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next === 'silence' || next === undefined) return;
    if (next === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(next.status, next.headers);
    if (next.breaksOff === undefined) response.end(next.body);
    else response.write(next.body, () => request.socket.destroy());
  };
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch(() => request.socket.destroy());
  };
  const server = tls === undefined ? createHttpServer(listen) : createHttpsServer(tls, listen);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`,
    port,
    requests,
    script: (...next) => {
      answers = [...next];
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
