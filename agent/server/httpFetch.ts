import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Answer } from '../../shared/client/index.ts';

/**
 * A `fetch` for the shared client over Node's own HTTP: loading the built-in `fetch` would cost a start more time and
 * memory than everything else that the agent says to its server. Connections are kept alive; redirects are not followed.
 */
export function httpFetch(): (url: string, init: RequestInit) => Promise<Answer> {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  return (address, init) =>
    new Promise<Answer>((resolve, reject) => {
      const url = new URL(address);
      const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined;
      const options = {
        method: init.method ?? 'GET',
        headers: { ...(init.headers as Record<string, string>), ...lengthOf(body) },
        ...(init.signal === undefined || init.signal === null ? {} : { signal: init.signal }),
      };
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: secure })
          : httpRequest(url, { ...options, agent: plain });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          const get = (name: string) => String(response.headers[name.toLowerCase()] ?? '') || null;
          const ok = status >= 200 && status < 300;
          resolve({ ok, status, headers: { get }, arrayBuffer: async () => wholeOf(chunks) });
        });
      });
      request.end(body);
    });
}

function wholeOf(chunks: readonly Buffer[]): ArrayBuffer {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let start = 0;
  for (const chunk of chunks) {
    whole.set(chunk, start);
    start += chunk.length;
  }
  return whole.buffer;
}

function lengthOf(body: Buffer | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(body.length) };
}
