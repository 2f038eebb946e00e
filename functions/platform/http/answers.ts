import type { HttpResponseInit } from '@azure/functions';
import { type ProblemDocument, problems } from '../../../shared/contract/problems.ts';
import { CORRELATION_HEADER } from './correlation.ts';
import type { SessionCookie } from './handler.ts';
import type { Problem } from './problem.ts';

/** On every answer of the API: never kept, never read as anything else, no address given away. */
const apiHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** A JSON answer; without a body where there is nothing to say. */
export function jsonAnswer(parts: {
  readonly status: number;
  readonly body: unknown;
  readonly correlationId: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}): HttpResponseInit {
  const headers = {
    ...apiHeaders,
    [CORRELATION_HEADER]: parts.correlationId,
    'content-type': 'application/json; charset=utf-8',
    ...parts.headers,
  };
  const body = parts.body === undefined ? undefined : JSON.stringify(parts.body);
  return body === undefined ? { status: parts.status, headers } : { status: parts.status, headers, body };
}

/** The problem document of RFC 9457. */
export function problemAnswer(problem: Problem, correlationId: string): HttpResponseInit {
  const { errors, extra, retryAfterSeconds } = problem.more;
  const document: ProblemDocument = {
    type: `urn:datasync:problem:${problem.code}`,
    title: problems[problem.code].title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    correlationId,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(extra === undefined ? {} : { extra: { ...extra } }),
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (retryAfterSeconds !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSeconds)));
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="DataSync"';
  return jsonAnswer({ status: problem.status, body: document, correlationId, headers });
}

/** Cookies as the host sets them: for this site only, out of reach of scripts, and over https alone where that is spoken. */
export function hostCookies(
  cookies: readonly SessionCookie[],
  requestUrl: string,
): NonNullable<HttpResponseInit['cookies']> {
  const secure = requestUrl.startsWith('https:');
  return cookies.map((cookie) => ({ ...cookie, path: '/', httpOnly: true, sameSite: 'Strict', secure }));
}
