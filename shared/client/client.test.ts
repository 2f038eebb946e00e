import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoint } from '../contract/endpoint.ts';
import { noParams, noQuery, nothing } from '../contract/fields.ts';
import { createClient, UnreachableError } from './client.ts';

const names = endpoint({
  name: 'names',
  summary: 'Names',
  method: 'GET',
  path: '/api/names',
  callers: ['public'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ names: z.array(z.string()) }),
});

let answer: (response: ServerResponse) => void;
const server = createServer((_, response) => {
  answer(response);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  server.close();
});
const ask = async () =>
  createClient({ baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` }).call(
    names,
    {},
  );

it('F15 P2 reads letters of every width, cut anywhere on their way, with and without a byte order mark', async () => {
  const text = JSON.stringify({ names: ['plain', 'ä', '€', '😀', '\ufeff'] });
  const bytes = Buffer.from(text);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    answer = (response) => {
      response.write(
        cut % 2 === 0
          ? Buffer.concat([Buffer.from('\ufeff'), bytes.subarray(0, cut)])
          : bytes.subarray(0, cut),
      );
      setImmediate(() => response.end(bytes.subarray(cut)));
    };
    expect(await ask()).toEqual(JSON.parse(text));
  }
});

it('B18 takes an answer that breaks off for none', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"names":[]}');
    setImmediate(() => response.destroy());
  };
  await expect(ask()).rejects.toThrow(UnreachableError);
});
