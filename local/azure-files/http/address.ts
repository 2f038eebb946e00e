import { isIP } from 'node:net';
import { FilesError } from '../errors.ts';

/** Which resource a URL names: `path` is decoded, without a slash at either end, `''` for a share itself. */
export interface Address {
  readonly account: string;
  readonly share: string | undefined;
  readonly path: string;
}

/**
 * Reads host and raw path of a request. Path style, `/{account}/{share}/{path}`, for an IP, `localhost` or any
 * host without a dot; named hosts, `{account}.file.example`, carry the account in their first label.
 * @param isAccount whether a name is an account of this server.
 * @throws FilesError InvalidUri
 */
export function parseAddress(host: string, rawPath: string, isAccount: (name: string) => boolean): Address {
  const components = decodePath(rawPath);
  const named = accountOfHost(host);
  if (named !== undefined && isAccount(named)) return address(named, components);
  return address(components[0] ?? '', components.slice(1));
}

function address(account: string, components: readonly string[]): Address {
  const [share, ...rest] = components;
  return { account, share: share === '' ? undefined : share, path: rest.join('/') };
}

function accountOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || !name.includes('.') ? undefined : name.slice(0, name.indexOf('.'));
}

/** Components between single slashes; one slash at the end is allowed. */
function decodePath(rawPath: string): string[] {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch (error) {
    throw new FilesError('InvalidUri', { cause: error });
  }
  const components = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  if (components.length > 1 && components.includes('')) throw new FilesError('InvalidUri');
  return components;
}

/**
 * The query as Azure reads it: names in lower case, values decoded, a name given twice joined by commas.
 * @throws FilesError InvalidUri
 */
export function parseQuery(rawQuery: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const part of rawQuery.split('&').filter((text) => text !== '')) {
    const equals = part.indexOf('=');
    const rawName = equals === -1 ? part : part.slice(0, equals);
    const name = decoded(rawName).toLowerCase();
    const value = equals === -1 ? '' : decoded(part.slice(equals + 1));
    const before = query.get(name);
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new FilesError('InvalidUri', { cause: error });
  }
}
