import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** The part of an answer that the shared client reads. */
type Answer = Pick<Response, 'ok' | 'status' | 'text'> & { readonly headers: Pick<Headers, 'get'> };

/**
 * A `fetch` for the shared client over Node's own HTTP: loading the built-in `fetch` would cost a start more time and
 * memory than everything else that the agent says to its server. Connections are kept alive; redirects are not followed.
 */
export function httpFetch(): typeof fetch {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  const send = (input: string | URL | Request, init: RequestInit = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input);
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
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ ok: status >= 200 && status < 300, status, headers: { get }, text: async () => text });
        });
      });
      request.end(body);
    });
  return send as typeof fetch;
}

function lengthOf(body: Buffer | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(body.length) };
}
