import type { HttpHandler } from '@azure/functions';
import { endpoints } from '../../../shared/contract/index.ts';
import { problemAnswer } from './answers.ts';
import { correlationIdOf } from './correlation.ts';
import { Problem } from './problem.ts';

/** Answers whatever below /api no endpoint takes: 404 with the methods that the path does take. Azure's host gives no 405. */
export const answerUnknownApi: HttpHandler = async (request) => {
  const { pathname } = new URL(request.url);
  const methods = endpoints.filter(({ path }) => isSamePath(path, pathname)).map(({ method }) => method);
  const detail =
    methods.length === 0
      ? 'No endpoint has this path; /api/openapi.json lists them all.'
      : `This path does not take ${request.method}; wanted: ${methods.join(', ')}.`;
  return problemAnswer(new Problem('not-found', detail), correlationIdOf(request.headers));
};

function isSamePath(template: string, pathname: string): boolean {
  const wanted = template.split('/');
  const given = pathname.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part.toLowerCase() === given[index]?.toLowerCase())
  );
}
