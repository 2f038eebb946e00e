import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { azureShareFiles } from './azureShareFiles.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A service that stops to take content with the create, as after a step back to an older version. */
async function forgetfulService(takesContent: number) {
  const requests: { comp: string; attributes: string }[] = [];
  let creates = 0;
  const md5Of = (request: IncomingMessage) => {
    if (request.headers['x-ms-type'] !== 'file') return {};
    creates += 1;
    return creates <= takesContent ? { 'content-md5': request.headers['content-md5'] ?? '' } : {};
  };
  const started = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://share');
    const attributes = String(request.headers['x-ms-file-attributes'] ?? '');
    requests.push({ comp: searchParams.get('comp') ?? 'create', attributes });
    request.resume().once('end', () => {
      const answer = { etag: '"1"', 'last-modified': new Date(0).toUTCString(), ...md5Of(request) };
      response.writeHead(searchParams.has('comp') ? 200 : 201, answer).end();
    });
  });
  server = started;
  await new Promise<void>((resolve) => void started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  return { requests, shareUrl: `http://127.0.0.1:${String(port)}/share` };
}

it('F5 a file that was created as whole but without its content does not stay marked', async () => {
  const { requests, shareUrl } = await forgetfulService(1);
  const files = azureShareFiles({ address: () => ({ shareUrl, sas: 'sig=x' }), tryTimeoutMs: 5000 });
  const content = Buffer.from('alpha');
  const md5 = createHash('md5').update(content).digest();
  const facts = { sha256: createHash('sha256').update(content).digest('hex'), sizeBytes: 5, mtimeMs: 1 };
  const create = () => files.createWhole('a.geo', content, md5, facts, new AbortController().signal);
  expect(await create()).toBeDefined();
  expect(await create()).toBeUndefined();
  expect(requests.slice(-2)).toEqual([
    { comp: 'create', attributes: 'ReadOnly' },
    { comp: 'properties', attributes: 'Temporary' },
  ]);
});
