import type { HttpRequest } from '@azure/functions';
import { Problem } from './problem.ts';

/**
 * Reads a JSON body of at most `maxBytes`; undefined when there is none. Never holds more than the limit of a stream.
 * Throws `body-too-large`, `wrong-media-type` or `malformed-json`.
 */
export async function readJsonBody(request: HttpRequest, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.byteLength === 0) return undefined;
  refuseOtherMediaType(request.headers.get('content-type'));
  return parseJson(bytes);
}

async function readBytes(request: HttpRequest, maxBytes: number): Promise<Uint8Array> {
  const announced = request.headers.get('content-length');
  if (announced !== null && Number(announced) > maxBytes) throw tooLarge(maxBytes);
  if (announced === null && request.headers.get('transfer-encoding') !== null) throw withoutLength();
  return request.body === null ? new Uint8Array() : readStream(request.body, maxBytes);
}

async function readStream(stream: AsyncIterable<unknown>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError(`A body came as ${typeof chunk}; wanted: bytes`);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  // A host that holds the whole body gives it in one piece, which needs no copy.
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

/** Azure's host drops such a body: work with an optional one would take another meaning. */
function withoutLength(): Problem {
  return new Problem('invalid-request', 'The body came in chunks; wanted: a Content-Length with it.');
}

function tooLarge(maxBytes: number): Problem {
  return new Problem(
    'body-too-large',
    `The body is over ${String(maxBytes)} bytes, which is the most taken here.`,
  );
}

function refuseOtherMediaType(contentType: string | null): void {
  if (contentType !== null && /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i.test(contentType))
    return;
  const given = contentType === null ? 'no Content-Type' : 'another Content-Type';
  throw new Problem('wrong-media-type', `The body came with ${given}; wanted: application/json in UTF-8.`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new Problem('malformed-json', 'The body could not be read as JSON in UTF-8.', { cause });
  }
}
