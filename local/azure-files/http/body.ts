import { createHash, timingSafeEqual } from 'node:crypto';
import { FilesError } from '../errors.ts';
import { header } from './request.ts';
import type { FilesRequest } from './request.ts';

export const MAX_RANGE_BYTES = 4 * 1024 * 1024;
const MAX_XML_BYTES = 64 * 1024;

/** The length a request announces; 0 without a body. @throws FilesError MissingContentLengthHeader */
export function contentLength(request: FilesRequest): number {
  const text = header(request, 'content-length');
  if (text === undefined && header(request, 'transfer-encoding') !== undefined) {
    throw new FilesError('MissingContentLengthHeader');
  }
  return Number(text ?? '0');
}

/**
 * Receives a body whole, so that nothing is written before its MD5 was checked.
 * @throws FilesError RequestBodyTooLarge, Md5Mismatch, InvalidMd5, MissingContentLengthHeader
 */
export async function receiveBody(request: FilesRequest, maxBytes = MAX_RANGE_BYTES): Promise<Buffer> {
  const length = contentLength(request);
  if (length > maxBytes) {
    throw new FilesError('RequestBodyTooLarge', { details: { MaxLimit: String(maxBytes) } });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request.incoming) chunks.push(chunk as Buffer);
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  const wanted = header(request, 'content-md5');
  if (wanted !== undefined) checkMd5(body, wanted);
  return body;
}

/** Receives a small XML body as text. */
export async function receiveText(request: FilesRequest): Promise<string> {
  return (await receiveBody(request, MAX_XML_BYTES)).toString('utf8');
}

/** The MD5 of bodies that were checked: the answer says it again. */
const checkedMd5 = new WeakMap<Buffer, string>();

/** MD5 in base64, as Content-MD5 carries it. */
export function md5Of(content: Buffer): string {
  return checkedMd5.get(content) ?? createHash('md5').update(content).digest('base64');
}

function checkMd5(body: Buffer, wanted: string): void {
  const expected = Buffer.from(wanted, 'base64');
  if (expected.length !== 16) throw new FilesError('InvalidMd5');
  const actual = createHash('md5').update(body).digest();
  if (timingSafeEqual(actual, expected)) {
    checkedMd5.set(body, actual.toString('base64'));
    return;
  }
  throw new FilesError('Md5Mismatch', {
    details: { UserSpecifiedMd5: wanted, ServerCalculatedMd5: actual.toString('base64') },
  });
}
