import type { RpcHttpCookie } from '../core-api.ts';

const sameSiteNames = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

/** One `Set-Cookie` header value; name and value are percent-encoded as Azure's host does it. */
export function serializeCookie(cookie: RpcHttpCookie): string {
  const expiresSeconds = cookie.expires?.value?.seconds;
  const sameSite = sameSiteNames[cookie.sameSite ?? 'none'];
  const attributes: Array<[string, string | number | undefined]> = [
    ['Expires', expiresSeconds === undefined ? undefined : new Date(expiresSeconds * 1000).toUTCString()],
    ['Max-Age', cookie.maxAge?.value],
    ['Domain', cookie.domain?.value],
    ['Path', cookie.path?.value],
    ['SameSite', sameSite],
  ];
  return [
    `${encodeURIComponent(cookie.name ?? '')}=${encodeURIComponent(cookie.value ?? '')}`,
    ...attributes.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
    ...(cookie.secure?.value === true ? ['Secure'] : []),
    ...(cookie.httpOnly?.value === true ? ['HttpOnly'] : []),
  ].join('; ');
}
