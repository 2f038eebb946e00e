import { createServer } from 'node:http';
import { announce, asError, readBody } from './serving.ts';

/** `node:http` alone, doing the same work. */
const server = createServer((request, response) => {
  readBody(request)
    .then((text) => {
      const { n } = JSON.parse(text) as { readonly n: number };
      const name = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ name, n: n + 1 }));
    })
    .catch((error: unknown) => response.destroy(asError(error)));
});
announce(server);
