import { isIP } from 'node:net';

/**
 * The caller's address as far as it can be trusted: the last entry of X-Forwarded-For, which the front end in front
 * of the host appends itself; whatever a client wrote there stands before it. `unknown` where nothing stands.
 */
export function clientAddress(headers: Headers): string {
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  const address = withoutPort(last);
  return isIP(address) === 0 ? 'unknown' : address;
}

/** App Service writes `203.0.113.7:51234` and `[2001:db8::1]:51234`. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  return bracketed ?? text.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
}
