import { FilesError, invalidHeader, missingHeader } from '../errors.ts';
import { ATTRIBUTES } from '../store/entry.ts';
import type { FileHeaders } from '../store/entry.ts';
import { canonicalFileTime } from '../store/stamps.ts';
import { header } from './request.ts';
import type { FilesRequest } from './request.ts';

const MAX_METADATA_BYTES = 8 * 1024;
const METADATA_PREFIX = 'x-ms-meta-';

/**
 * The metadata of a request, with the case of its names kept; undefined when it carries none.
 * @throws FilesError EmptyMetadataKey, InvalidMetadata, MetadataTooLarge
 */
export function metadataOf(request: FilesRequest): Record<string, string> | undefined {
  const { rawHeaders } = request.incoming;
  const metadata: Record<string, string> = {};
  let sizeBytes = 0;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!name.toLowerCase().startsWith(METADATA_PREFIX)) continue;
    const key = name.slice(METADATA_PREFIX.length);
    const value = rawHeaders[index + 1] ?? '';
    if (key === '') throw new FilesError('EmptyMetadataKey');
    // Names are C# identifiers, values plain ASCII: Azure refuses both otherwise.
    if (!/^[A-Za-z_]\w*$/.test(key) || /[^\x20-\x7e]/.test(value)) throw new FilesError('InvalidMetadata');
    sizeBytes += key.length + value.length;
    metadata[key] = value;
  }
  if (sizeBytes > MAX_METADATA_BYTES) throw new FilesError('MetadataTooLarge');
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

/** Metadata as response headers. */
export function metadataHeaders(
  metadata: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [`${METADATA_PREFIX}${key}`, value]),
  );
}

/**
 * A `bytes=start-end` range, end exclusive; undefined when the request has none. `x-ms-range` goes before `Range`.
 * @throws FilesError InvalidHeaderValue
 */
export function rangeOf(request: FilesRequest): { start: number; end: number | undefined } | undefined {
  const name = header(request, 'x-ms-range') === undefined ? 'range' : 'x-ms-range';
  const text = header(request, name);
  return text === undefined ? undefined : parseRange(name, text);
}

/** Reads a range header's value. @throws FilesError InvalidHeaderValue */
export function parseRange(name: string, text: string): { start: number; end: number | undefined } {
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(text);
  const start = Number(match?.[1]);
  const end = match?.[2] === undefined ? undefined : Number(match[2]) + 1;
  if (match === null || (end !== undefined && end <= start)) throw invalidHeader(name, text);
  return { start, end };
}

/** A whole number in a header, at least 0. @throws FilesError InvalidHeaderValue */
export function numberHeader(request: FilesRequest, name: string): number | undefined {
  const text = header(request, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalidHeader(name, text);
  return Number(text);
}

/**
 * Attributes in Azure's order; undefined when the request names none or says to preserve them.
 * @throws FilesError InvalidHeaderValue
 */
export function attributesOf(request: FilesRequest, kind: 'file' | 'directory'): string | undefined {
  const text = header(request, 'x-ms-file-attributes');
  if (text === undefined || /^(?:preserve|source)$/i.test(text.trim())) return undefined;
  const wanted = new Set(text.split('|').map((part) => part.trim().toLowerCase()));
  const known = ATTRIBUTES.filter((attribute) => wanted.delete(attribute.toLowerCase()));
  wanted.delete('none');
  if (wanted.size > 0 || (kind === 'file' && known.includes('Directory'))) {
    throw invalidHeader('x-ms-file-attributes', text);
  }
  if (kind === 'directory' && !known.includes('Directory')) known.push('Directory');
  return known.length === 0 ? 'None' : ATTRIBUTES.filter((attribute) => known.includes(attribute)).join('|');
}

/**
 * A file time: the instant a client sent, `now`, or `keep` for what it wants left as it is.
 * @throws FilesError InvalidHeaderValue
 */
export function timeOf(
  request: FilesRequest,
  name: string,
  options: { now: string; keep: string; otherwise: string },
): string {
  const text = header(request, name);
  if (text === undefined) return options.otherwise;
  if (/^now$/i.test(text)) return options.now;
  if (/^(?:preserve|source)$/i.test(text)) return options.keep;
  const time = canonicalFileTime(text);
  if (time === undefined) throw invalidHeader(name, text);
  return time;
}

/** The content headers a request sets; undefined when it sets none. */
export function contentHeadersOf(request: FilesRequest): FileHeaders | undefined {
  const md5 = header(request, 'x-ms-content-md5');
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) throw new FilesError('InvalidMd5');
  const found = {
    ...given('contentType', header(request, 'x-ms-content-type')),
    ...given('contentEncoding', header(request, 'x-ms-content-encoding')),
    ...given('contentLanguage', header(request, 'x-ms-content-language')),
    ...given('cacheControl', header(request, 'x-ms-cache-control')),
    ...given('contentDisposition', header(request, 'x-ms-content-disposition')),
    ...given('contentMd5', md5),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

function given<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined || value === '' ? {} : ({ [name]: value } as Record<Name, string>);
}

/** @throws FilesError MissingRequiredHeader when the range is absent or open-ended */
export function requiredRange(request: FilesRequest): { start: number; end: number } {
  const range = rangeOf(request);
  if (range === undefined) throw missingHeader('x-ms-range');
  if (range.end === undefined) throw invalidHeader('x-ms-range', header(request, 'x-ms-range') ?? '');
  return { start: range.start, end: range.end };
}
