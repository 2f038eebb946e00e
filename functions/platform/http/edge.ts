import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { DEFAULT_MAX_BODY_BYTES, type Endpoint } from '../../../shared/contract/endpoint.ts';
import type { LazyServices } from '../lazyServices.ts';
import type { Logger } from '../logging.ts';
import type { Services } from '../services.ts';
import { tellOfRequest } from '../telemetry/asRequest.ts';
import { admit } from './admit.ts';
import { hostCookies, jsonAnswer, problemAnswer } from './answers.ts';
import { type Credentials, readCredentials } from './authentication/credentials.ts';
import { authorize } from './authorize.ts';
import { clientAddress } from './clientAddress.ts';
import { correlationIdOf } from './correlation.ts';
import type { EndpointAnswer, EndpointHandler } from './handler.ts';
import { refuseForeignOrigin } from './origin.ts';
import { Problem } from './problem.ts';
import { problemOf } from './problemOf.ts';
import { readJsonBody } from './requestBody.ts';
import { validate } from './validate.ts';

/**
 * Turns an endpoint with its work into an Azure HTTP function: who calls, may they, is the request what the contract
 * says; then the work; then its answer. Never rejects: every failure is a problem document, and is logged.
 */
export function createEdge(handler: EndpointHandler, lazyServices: LazyServices): HttpHandler {
  return async (request) => {
    const correlationId = correlationIdOf(request.headers);
    tellOfRequest({ correlationId });
    let services: Services;
    try {
      services = await lazyServices.get();
    } catch (error) {
      lazyServices.log().error('the services could not be made', { correlationId, error });
      return withoutServices(handler, error, correlationId);
    }
    try {
      return await serve(handler, request, services, correlationId);
    } catch (error) {
      return refuse(handler.endpoint, error, correlationId, services.log);
    }
  };
}

async function serve(
  { endpoint, work }: EndpointHandler,
  request: HttpRequest,
  services: Services,
  correlationId: string,
): Promise<HttpResponseInit> {
  const credentials = readCredentials(request.headers);
  if (endpoint.method !== 'GET' && restsOnBrowser(credentials))
    refuseForeignOrigin(request, services.settings.PUBLIC_ORIGINS);
  const address = clientAddress(request.headers, services.settings.TRUSTED_PROXIES);
  const caller = await admit(endpoint, credentials, address, services);
  tellOfRequest({ caller: caller.kind, ...(caller.kind === 'agent' && { runnerId: caller.runnerId }) });
  authorize(endpoint, caller);
  const params = validate('params', endpoint.params, request.params);
  const query = validate('query', endpoint.query, Object.fromEntries(request.query));
  const sent = await readBody(endpoint, request);
  const body = endpoint.isSurelyBody?.(sent) === true ? sent : validate('body', endpoint.body, sent);
  const { headers } = request;
  const answer = await work({ params, query, body, caller, correlationId, address, headers }, services);
  return answerOf(endpoint, answer, correlationId, request.url);
}

/** A browser adds cookies, and nothing else, to what another site makes it send. */
function restsOnBrowser({ kind }: Credentials): boolean {
  return kind === 'session' || kind === 'none';
}

async function readBody(endpoint: Endpoint, request: HttpRequest): Promise<unknown> {
  if (endpoint.method === 'GET') return undefined;
  return readJsonBody(request, endpoint.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
}

function answerOf(
  endpoint: Endpoint,
  answer: EndpointAnswer<Endpoint>,
  correlationId: string,
  requestUrl: string,
): HttpResponseInit {
  const init = jsonAnswer({
    status: answer.status ?? endpoint.status ?? 200,
    body: answer.body,
    correlationId,
    headers: answer.headers,
  });
  return answer.cookies === undefined ? init : { ...init, cookies: hostCookies(answer.cookies, requestUrl) };
}

function withoutServices(handler: EndpointHandler, cause: unknown, correlationId: string): HttpResponseInit {
  if (handler.withoutServices === undefined) {
    const detail = 'The control plane could not be set up; the log has the reason under the correlation id.';
    return problemAnswer(new Problem('unavailable', detail, { cause, retryAfterSeconds: 30 }), correlationId);
  }
  const { status = 503, body } = handler.withoutServices();
  return jsonAnswer({ status, body, correlationId });
}

function refuse(endpoint: Endpoint, error: unknown, correlationId: string, log: Logger): HttpResponseInit {
  const problem = problemOf(error);
  logRefusal(endpoint, problem, correlationId, log);
  return problemAnswer(problem, correlationId);
}

/** A caller's mistake is one short line; ours keeps its cause. */
function logRefusal(endpoint: Endpoint, problem: Problem, correlationId: string, log: Logger): void {
  const facts = { endpoint: endpoint.name, status: problem.status, code: problem.code, correlationId };
  tellOfRequest({ problem: problem.code });
  if (problem.status >= 500) log.error('request failed', { ...facts, error: problem.cause ?? problem });
  else log.info('request refused', { ...facts, detail: problem.message });
}
