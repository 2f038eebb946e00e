import { open } from 'node:fs/promises';
import { authorize } from '../auth/authorize.ts';
import { hasSas, verifySas } from '../auth/sas.ts';
import { FilesError, invalidHeader } from '../errors.ts';
import { parseAddress, parseQuery } from '../http/address.ts';
import type { Address } from '../http/address.ts';
import { isTrue, requiredHeader } from '../http/request.ts';
import { parsePath } from '../store/names.ts';
import type { FileEntry } from '../store/entry.ts';
import type { Share } from '../store/share.ts';
import type { OperationContext } from './context.ts';

/** The resource a copy or rename takes its content from, after its own authorization was checked. */
export interface Source {
  readonly share: Share;
  readonly address: Address;
  readonly path: string[];
  readonly snapshot: string | undefined;
  readonly url: string;
}

/**
 * Reads a source URL from a header. A signature in the URL is checked; without one the key of the request
 * speaks for the source too, if it lies in the same account.
 * @param permissions letters of which a signature must carry one.
 * @throws FilesError InvalidHeaderValue, CannotVerifyCopySource, AuthenticationFailed and its kin
 */
export function sourceOf(context: OperationContext, headerName: string, permissions: string): Source {
  const url = requiredHeader(context.request, headerName);
  if (!URL.canParse(url)) throw invalidHeader(headerName, url);
  const parsed = new URL(url);
  const address = parseAddress(parsed.host, parsed.pathname, context.isAccount);
  const query = parseQuery(parsed.search.slice(1));
  if (!context.isAccount(address.account) || address.share === undefined) {
    throw new FilesError('CannotVerifyCopySource');
  }
  const share = context.store.share(address.account, address.share);
  if (hasSas(query)) {
    const { remoteAddress, isSecure } = context.request;
    const policies = () => share.record.policies;
    const grant = verifySas({ query, address, remoteAddress, isSecure }, { ...context.sas, policies });
    authorize(grant, { account: permissions, service: permissions, type: 'o' });
  } else if (context.caller.kind !== 'key' || address.account !== context.request.address.account) {
    throw new FilesError('CannotVerifyCopySource');
  }
  const path = parsePath(address.path, isTrue(context.request, 'x-ms-source-allow-trailing-dot'));
  return { share, address, path, snapshot: query.get('sharesnapshot'), url: parsed.origin + parsed.pathname };
}

/** Reads part of a source file. @throws FilesError InvalidRange when the file has not so many bytes */
export async function readSource(source: Source, start: number, end: number): Promise<Buffer> {
  return onSourceFile(source, async (path, entry) => {
    if (end > entry.sizeBytes) throw new FilesError('InvalidRange');
    const handle = await open(path, 'r');
    try {
      const content = Buffer.alloc(end - start);
      await handle.read(content, 0, content.length, start);
      return content;
    } finally {
      await handle.close();
    }
  });
}

/** Works with a source file's data while nobody changes it as a whole. */
export function onSourceFile<T>(
  source: Source,
  work: (path: string, entry: FileEntry) => Promise<T>,
): Promise<T> {
  return source.share.onFile(source.path, 'shared', () => {
    const { parent, entry } = source.share.treeAt(source.snapshot).file(source.path);
    return work(parent.pathOf(entry), entry);
  });
}
