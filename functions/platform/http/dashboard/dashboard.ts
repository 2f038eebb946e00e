import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { contentTypeOf } from './contentType.ts';
import { acceptedEncodings } from './encoding.ts';
import { describeFile, findStaticFile, type StaticFile } from './staticFile.ts';

const pageHeaders = {
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // Fluent UI writes its styles at run time; scripts come from this origin's files alone.
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
} as const;

/** Names under assets/ carry a hash of their content: what is there never changes. */
const HASHED_FILES = /^\/?assets\/.+-[\w-]{8,}\.\w+$/;

/** Never the page for what was meant for the API, such as `/api//health`. */
const API_PATH = /^\/+api(?:\/|$)/i;

const NOT_BUILT = 'The dashboard is not built. Run: npm run build:dashboard\n';

/**
 * Serves the built dashboard: files as they are, and its page for every other path, since the page does its own
 * routing. Sends what was compressed beforehand, and 304 for what the browser has. `folder` names where it was built.
 */
export function createDashboard(folder: () => string): HttpHandler {
  return async (request) => {
    const root = resolve(folder());
    const urlPath = decodedPath(request);
    if (urlPath !== undefined && API_PATH.test(urlPath))
      return plainText(404, 'There is no such endpoint.\n');
    const found = urlPath === undefined ? undefined : await findStaticFile(root, urlPath);
    if (urlPath !== undefined && found !== undefined)
      return sendFile(request, found, HASHED_FILES.test(urlPath.slice(1)));
    if (urlPath === undefined || extname(urlPath) !== '') return plainText(404, 'There is no such file.\n');
    const page = await describeFile(join(root, 'index.html'));
    return page === undefined ? plainText(404, NOT_BUILT) : sendFile(request, page, false);
  };
}

function decodedPath(request: HttpRequest): string | undefined {
  try {
    return decodeURIComponent(new URL(request.url).pathname);
  } catch {
    return undefined; // a broken %-sequence names no file
  }
}

async function sendFile(
  request: HttpRequest,
  file: StaticFile,
  isImmutable: boolean,
): Promise<HttpResponseInit> {
  const variant = await compressedVariant(file, request.headers.get('accept-encoding'));
  const etag = `"${file.sizeBytes.toString(36)}-${Math.trunc(file.modifiedMs).toString(36)}${variant.mark}"`;
  const headers: Record<string, string> = {
    ...pageHeaders,
    'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
    vary: 'Accept-Encoding',
  };
  if (isKnown(request.headers.get('if-none-match'), etag)) return { status: 304, headers };
  headers['content-type'] = contentTypeOf(file.path);
  if (variant.encoding !== undefined) headers['content-encoding'] = variant.encoding;
  return { status: 200, headers, body: await readFile(variant.path) };
}

interface Variant {
  readonly path: string;
  readonly encoding?: string;
  readonly mark: string;
}

/** A twin older than its file was left by an earlier build. */
async function compressedVariant(file: StaticFile, acceptEncoding: string | null): Promise<Variant> {
  for (const { name, suffix } of acceptedEncodings(acceptEncoding)) {
    const twin = await describeFile(file.path + suffix);
    if (twin !== undefined && twin.modifiedMs >= file.modifiedMs)
      return { path: twin.path, encoding: name, mark: `-${name}` };
  }
  return { path: file.path, mark: '' };
}

function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((known) => known.trim().replace(/^W\//, '') === etag);
}

function plainText(status: number, body: string): HttpResponseInit {
  const headers = {
    ...pageHeaders,
    'cache-control': 'no-store',
    'content-type': 'text/plain; charset=utf-8',
  };
  return { status, headers, body };
}
