import type { IncomingMessage } from 'node:http';
import { ClientGone, RefusedRequest } from './request-failures.ts';

/**
 * Reads the body of a request into memory. A body sent without Content-Length is dropped, as Azure's host drops it
 * on its way to the worker; `onDropped` is told. Undefined when there is none.
 * Refuses with 413 beyond `limitBytes`; rejects with `ClientGone` when it goes away.
 */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
  onDropped: () => void,
): Promise<Buffer | undefined> {
  const declared = request.headers['content-length'];
  if (declared === undefined) {
    if (request.headers['transfer-encoding'] !== undefined) onDropped();
    return undefined;
  }
  if (Number(declared) > limitBytes) {
    throw new RefusedRequest(413, `The body has ${declared} bytes, ${limitBytes} are allowed.`);
  }
  return collect(request);
}

/** Node ends a message at its Content-Length, so nothing longer than what was declared arrives. */
function collect(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length > 1 ? Buffer.concat(chunks) : only);
    });
    request.on('error', (error) => {
      reject(new ClientGone('its body was read', error));
    });
  });
}
