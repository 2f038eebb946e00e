import { isIP, isIPv6 } from 'node:net';

/**
 * The caller's address as far as it can be trusted. Each of the `trustedProxies` in front of the host appends to
 * X-Forwarded-For the address that it sees: counted from the end, the entry of the outermost of them is the client;
 * whatever the client wrote there itself stands before it. `unknown` where nothing stands, or no proxy is trusted.
 */
export function clientAddress(headers: Headers, trustedProxies: number): string {
  const hops = headers.get('x-forwarded-for')?.split(',') ?? [];
  if (trustedProxies === 0 || hops.length === 0) return 'unknown';
  const address = withoutPort(hops.at(-Math.min(trustedProxies, hops.length))?.trim() ?? '');
  return isIP(address) === 0 ? 'unknown' : address;
}

/** App Service writes `203.0.113.7:51234` and `[2001:db8::1]:51234`. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  return bracketed ?? text.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
}

/** Whom a limit counts: an IPv4 address, and of IPv6 the /64 that one customer has whole, to choose addresses from. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [before = '', after] = address.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  const groups = [...head, ...zeros, ...tail].slice(0, 4).map((group) => parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}
