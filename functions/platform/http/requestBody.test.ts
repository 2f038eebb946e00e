import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { Problem } from './problem.ts';
import { readJsonBody } from './requestBody.ts';

function request(body: string | Uint8Array, headers: Record<string, string> = {}): HttpRequest {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.byteLength), ...headers };
  return new HttpRequest({ method: 'POST', url: 'http://x/', headers: all, body: { bytes } });
}

async function refusalOf(reading: Promise<unknown>): Promise<string> {
  try {
    return `taken: ${JSON.stringify(await reading)}`;
  } catch (error) {
    return (error as Problem).code;
  }
}

describe('readJsonBody', () => {
  it('F4 reads JSON up to the limit exactly', async () => {
    expect(await readJsonBody(request('"12345678"'), 10)).toBe('12345678');
    expect(await refusalOf(readJsonBody(request('"123456789"'), 10))).toBe('body-too-large');
  });

  it('B29 refuses by the announced size, before anything is read', async () => {
    const announced = request('{}', { 'content-length': '1000000000000' });
    expect(await refusalOf(readJsonBody(announced, 10))).toBe('body-too-large');
    expect(announced.bodyUsed).toBe(false);
  });

  it('F4 refuses a body in chunks rather than doing what an empty one asks', async () => {
    const chunked = new HttpRequest({
      method: 'POST',
      url: 'http://x/',
      headers: { 'transfer-encoding': 'chunked' },
    });
    expect(await refusalOf(readJsonBody(chunked, 10))).toBe('invalid-request');
  });

  it('B29 of a body without an announced size, reads no further than the limit', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    const streamed = { headers: new Headers(), body: endless } as unknown as HttpRequest;
    expect(await refusalOf(readJsonBody(streamed, 10_000))).toBe('body-too-large');
    expect(sent).toBeLessThan(20_000);
  });

  it.each([
    ['no body', '', {}, 'taken: undefined'],
    ['another type', '{}', { 'content-type': 'text/plain' }, 'wrong-media-type'],
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 'wrong-media-type'],
    ['another charset', '{}', { 'content-type': 'application/json; charset=latin1' }, 'wrong-media-type'],
    ['the charset named', '{}', { 'content-type': 'application/json; charset=utf-8' }, 'taken: {}'],
    ['half a document', '{"a":', {}, 'malformed-json'],
    ['two documents', '{}{}', {}, 'malformed-json'],
  ])('F4 with %s: %s', async (_, body, headers, wanted) => {
    expect(await refusalOf(readJsonBody(request(body, headers), 100))).toBe(wanted);
  });

  it('F15 refuses what is no valid UTF-8 rather than guessing at it', async () => {
    const bytes = Uint8Array.of(0x22, 0xff, 0xfe, 0x22);
    expect(await refusalOf(readJsonBody(request(bytes), 100))).toBe('malformed-json');
  });
});
