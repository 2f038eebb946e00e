import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { InvocationRequest, ProgrammingModel } from '../core-api.ts';
import type { FunctionApp } from '../function-app.ts';
import type { InFlight, InFlightCall } from '../in-flight.ts';
import { invoke } from '../invocation.ts';
import type { Log } from '../../log.ts';
import { hasAccess } from './access-key.ts';
import type { AccessKeys } from './access-key.ts';
import { sendAnswer, sendStatus } from './answer.ts';
import { ClientGone, RefusedRequest } from './request-failures.ts';
import type { HttpFunction } from './http-function.ts';
import type { RouteParameters } from './match-template.ts';
import { splitPath } from './path-segments.ts';
import { readBody } from './request-body.ts';
import { toRequestData } from './request-data.ts';
import { RouteTable } from './route-table.ts';

export interface HttpFrontOptions {
  readonly app: FunctionApp;
  readonly model: ProgrammingModel;
  readonly functions: readonly HttpFunction[];
  readonly routePrefix: string;
  readonly keys: AccessKeys;
  readonly bodyLimitBytes: number;
  /** How long a client waits for the first byte of an answer; Azure's front end gives up after 230 s. */
  readonly answerLimitMs: number;
  readonly inFlight: InFlight;
  readonly nowMs: () => number;
  readonly log: Log;
}

const maxHeaderBytes = 32_768;
const keepAliveTimeoutMs = 65_000;

/** The HTTP side of the host: finds the function of a request, runs it and writes its answer. Logs nothing for a request that went well. */
export class HttpFront {
  readonly #server: Server;
  readonly #options: HttpFrontOptions;
  readonly #routes: RouteTable<HttpFunction>;
  #isClosing = false;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
    this.#routes = new RouteTable(options.functions, options.routePrefix);
    this.#server = createServer({ maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveTimeoutMs });
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#receive(request, response);
    });
  }

  /** Resolves with the port. Rejects when it cannot be had. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => {
        reject(new Error(`The functions host cannot listen on ${host}:${port}.`, { cause: error }));
      });
      this.#server.listen({ host, port }, () => {
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /**
   * Takes no more connections, and no more requests on those there are. The close of node:http would cut connections
   * whose answers are written but still on their way; the close of node:net leaves them alone.
   */
  stopListening(): void {
    this.#isClosing = true;
    NetServer.prototype.close.call(this.#server);
  }

  /** Cuts what is still connected; resolves when nothing is. */
  async cut(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    // A client that goes away is no error of anybody's; without a listener it would end the process.
    request.on('error', ignore);
    response.on('error', ignore);
    if (this.#isClosing) {
      request.resume();
      response.setHeader('connection', 'close');
      sendStatus(response, 503);
      return;
    }
    const target = request.url ?? '/';
    const queryAt = target.indexOf('?');
    const path = target.startsWith('/')
      ? splitPath(queryAt === -1 ? target : target.slice(0, queryAt))
      : undefined;
    if (path === undefined) {
      request.resume();
      sendStatus(response, 400);
      return;
    }
    const match = this.#routes.find(request.method ?? 'GET', path);
    const status = match === undefined ? 404 : this.#refusal(request, match.target);
    if (match === undefined || status !== undefined) {
      request.resume();
      sendStatus(response, status ?? 404);
      return;
    }
    const call = new HttpCall(this.#options, match.target, response);
    call.run(request, match.parameters).catch((error: unknown) => {
      this.#options.log('critical', 'The HTTP front itself failed.', {
        functionName: match.target.name,
        error,
      });
      response.destroy();
    });
  }

  #refusal(request: IncomingMessage, { authLevel }: HttpFunction): number | undefined {
    return hasAccess(request, authLevel, this.#options.keys) ? undefined : 401;
  }
}

class HttpCall implements InFlightCall {
  readonly startedAtMs: number;
  limitMs: number;
  readonly #options: HttpFrontOptions;
  readonly #fn: HttpFunction;
  readonly #response: ServerResponse;

  constructor(options: HttpFrontOptions, fn: HttpFunction, response: ServerResponse) {
    this.#options = options;
    this.#fn = fn;
    this.#response = response;
    this.startedAtMs = options.nowMs();
    this.limitMs = options.answerLimitMs;
  }

  /** The client is told that nothing came; the function runs on, as it does in Azure. */
  expire(): void {
    this.limitMs = Infinity;
    if (this.#response.headersSent) return;
    this.#options.log('warning', 'No answer within the limit; the client was told 502.', this.#fields());
    sendStatus(this.#response, 502);
  }

  async run(request: IncomingMessage, parameters: RouteParameters): Promise<void> {
    const { inFlight } = this.#options;
    inFlight.add(this);
    try {
      await this.#answer(request, parameters);
    } catch (error) {
      this.#fail(error);
    } finally {
      // A call lasts until its answer has left, not only until it was written.
      if (this.#response.closed) inFlight.remove(this);
      else
        this.#response.once('close', () => {
          inFlight.remove(this);
        });
    }
  }

  async #answer(request: IncomingMessage, parameters: RouteParameters): Promise<void> {
    const { app, model } = this.#options;
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const body = hasBody ? await this.#readBody(request) : undefined;
    if (body === undefined) request.resume();
    const invocation = toInvocation(this.#fn, request, parameters, body);
    const outcome = await invoke(app, model, this.#fn.registered, invocation);
    // Answered already: the limit passed, or the client is gone.
    if (this.#response.headersSent || this.#response.destroyed) return;
    await sendAnswer(this.#response, outcome);
  }

  #readBody(request: IncomingMessage): Promise<Buffer | undefined> {
    return readBody(request, this.#options.bodyLimitBytes, () => {
      this.#options.log(
        'warning',
        'A body without Content-Length was dropped, as Azure drops it.',
        this.#fields(),
      );
    });
  }

  #fail(error: unknown): void {
    if (error instanceof RefusedRequest) {
      sendStatus(this.#response, error.status);
      return;
    }
    if (error instanceof ClientGone) {
      this.#options.log('debug', error.message, this.#fields());
      return;
    }
    this.#options.log('error', 'The function failed.', { ...this.#fields(), error });
    sendStatus(this.#response, 500);
  }

  #fields(): { functionName: string } {
    return { functionName: this.#fn.name };
  }
}

function toInvocation(
  fn: HttpFunction,
  request: IncomingMessage,
  parameters: RouteParameters,
  body: Buffer | undefined,
): InvocationRequest {
  const invocationId = randomUUID();
  const http = toRequestData(request, parameters, body);
  return {
    invocationId,
    functionId: fn.name,
    inputData: [{ name: fn.bindingName, data: { http } }],
    triggerMetadata: {},
    traceContext: traceContext(request.headers['traceparent'], invocationId),
  };
}

const traceParentPattern = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Goes on with the caller's trace, or begins one (W3C Trace Context). */
function traceContext(given: unknown, invocationId: string): { traceParent: string } {
  if (typeof given === 'string' && traceParentPattern.test(given)) return { traceParent: given };
  const id = invocationId.replaceAll('-', '');
  return { traceParent: `00-${id}-${id.slice(16)}-01` };
}

function ignore(): void {
  // See the caller.
}
