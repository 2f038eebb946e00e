import type { HttpHandler, HttpRequest } from '@azure/functions';
import { endpoints } from '../../../shared/contract/index.ts';
import type { LazyServices } from '../lazyServices.ts';
import { admit } from './admit.ts';
import { problemAnswer } from './answers.ts';
import { readCredentials } from './authentication/credentials.ts';
import { clientAddress } from './clientAddress.ts';
import { correlationIdOf } from './correlation.ts';
import { Problem } from './problem.ts';

/**
 * Answers whatever below /api no endpoint takes: 404 with the methods that the path does take. Azure's host gives no 405. Whoever tries
 * paths is counted as anybody without credentials, and answered 429 like them.
 */
export function answerUnknownApi(services: LazyServices): HttpHandler {
  return async (request) => {
    const problem = (await overBudget(request, services)) ?? new Problem('not-found', detailOf(request));
    return problemAnswer(problem, correlationIdOf(request.headers));
  };
}

/** Without the services, and where nobody can be looked up, nobody is counted: a path that is not there costs little to refuse. */
async function overBudget(request: HttpRequest, lazyServices: LazyServices): Promise<Problem | undefined> {
  try {
    const services = await lazyServices.get();
    const { pathname } = new URL(request.url);
    const asked = { method: request.method, path: pathname, callers: ['agent', 'viewer', 'ci'] as const };
    const address = clientAddress(request.headers, services.settings.TRUSTED_PROXIES);
    await admit(asked, readCredentials(request.headers), address, services);
  } catch (error) {
    if (error instanceof Problem && error.code === 'too-many-requests') return error;
  }
  return undefined;
}

function detailOf({ url, method }: HttpRequest): string {
  const { pathname } = new URL(url);
  const taken = endpoints.filter(({ path }) => isSamePath(path, pathname)).map((one) => one.method);
  return taken.length === 0
    ? 'No endpoint has this path; /api/openapi.json lists them all.'
    : `This path does not take ${method}; wanted: ${taken.join(', ')}.`;
}

function isSamePath(template: string, pathname: string): boolean {
  const wanted = template.split('/');
  const given = pathname.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part.toLowerCase() === given[index]?.toLowerCase())
  );
}
