import { Problem } from './problem.ts';

/**
 * Throws `origin-refused` for a request that a browser sent on behalf of another site. For writes that rest on a
 * cookie, or on nothing. A request with neither Origin nor Sec-Fetch-Site is not a browser's: every browser in use
 * sends one of them with a write, and a program has no cookie that a stranger could make it use.
 */
export function refuseForeignOrigin(
  request: { readonly url: string; readonly headers: Headers },
  publicOrigins: string,
): void {
  const origin = request.headers.get('origin');
  if (origin === null) {
    const site = request.headers.get('sec-fetch-site');
    if (site === null || site === 'same-origin' || site === 'none') return;
    throw new Problem('origin-refused', `The browser says that the request is ${site}; wanted: same-origin.`);
  }
  if (origin === new URL(request.url).origin || listed(publicOrigins).includes(origin)) return;
  throw new Problem(
    'origin-refused',
    'The request came from a page of another site; wanted: this server’s own pages.',
  );
}

function listed(publicOrigins: string): string[] {
  return publicOrigins
    .split(',')
    .map((origin) => origin.trim().replace(/\/$/, ''))
    .filter((origin) => origin !== '');
}
