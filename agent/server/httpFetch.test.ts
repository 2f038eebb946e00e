import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createClient, ProblemError } from '../../shared/client/index.ts';
import { beginRun } from '../../shared/contract/agents.ts';
import { httpFetch } from './httpFetch.ts';

const begun = {
  runId: 'r-1',
  resumed: false,
  status: 'running',
  sealedFolders: [{ folder: 'Bärlauch €/😀', fileCount: 3 }],
};

it('F4 P2 the shared client reads what an agent’s own fetch brings, refusals too', async () => {
  const refused = {
    type: 'urn:datasync:problem:job-paused',
    title: 'paused',
    status: 409,
    detail: 'Größer als erwartet',
    code: 'job-paused',
    correlationId: 'c',
  };
  const answers = [
    { status: 201, document: begun },
    { status: 409, document: refused },
  ];
  const server = createServer((_, response) => {
    const { status, document } = answers.shift() ?? { status: 500, document: {} };
    response.writeHead(status).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const client = createClient({ baseUrl, fetch: httpFetch() });
  const body = { jobId: 'j', correlationId: crypto.randomUUID(), trigger: 'start' as const };
  expect(await client.call(beginRun, { body })).toEqual(begun);
  const refusal = await client.call(beginRun, { body }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ProblemError);
  expect((refusal as ProblemError).problem).toMatchObject({
    code: 'job-paused',
    detail: 'Größer als erwartet',
  });
  server.closeAllConnections();
  server.close();
});
