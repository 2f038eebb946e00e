import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { ShareSASPermissions } from '@azure/storage-file-share';
import type { ShareClient } from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { useTarget } from './target.ts';

const target = useTarget();
const VERSION = '2026-04-06';

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: string;
}

/** A request as it stands, without anybody tidying its path or headers: what the SDK would never send. */
async function send(
  url: string,
  path: string,
  method: string,
  headers: Record<string, string>,
  body = '',
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { hostname, port, protocol } = new URL(url);
  const open = protocol === 'https:' ? requestTls : request;
  const outgoing = open(
    { hostname, port, path, method, headers: { 'x-ms-version': VERSION, ...headers } },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const code = incoming.headers['x-ms-error-code'];
        resolve({
          status: incoming.statusCode ?? 0,
          code: Array.isArray(code) ? code[0] : code,
          body: Buffer.concat(chunks).toString(),
        });
      });
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

async function signed(share: ShareClient): Promise<{ root: string; query: string }> {
  const url = share.generateSasUrl({
    permissions: ShareSASPermissions.parse('rcwdl'),
    expiresOn: new Date(Date.now() + 3_600_000),
  });
  return { root: new URL(share.url).pathname, query: new URL(url).search.slice(1) };
}

async function signedByKey(share: ShareClient, date: Date): Promise<Answer> {
  const path = new URL(share.url).pathname;
  const { credential } = target;
  const text = [
    'GET',
    ...Array.from({ length: 11 }, () => ''),
    `x-ms-date:${date.toUTCString()}`,
    `x-ms-version:${VERSION}`,
    `/${credential.accountName}${path}\nrestype:share`,
  ].join('\n');
  return send(share.url, `${path}?restype=share`, 'GET', {
    'x-ms-date': date.toUTCString(),
    Authorization: `SharedKey ${credential.accountName}:${credential.computeHMACSHA256(text)}`,
  });
}

describe('on the wire', () => {
  it('L4 refuses a request without any authorization, or with a wrong key', async () => {
    const share = await target.share();
    const path = `${new URL(share.url).pathname}?restype=share`;
    const none = await send(share.url, path, 'GET', {});
    expect([401, 403, 404, 409]).toContain(none.status);
    const wrong = await send(share.url, path, 'GET', {
      'x-ms-date': new Date().toUTCString(),
      Authorization: `SharedKey ${target.credential.accountName}:${Buffer.alloc(32).toString('base64')}`,
    });
    expect(wrong).toMatchObject({ status: 403, code: 'AuthenticationFailed' });
    expect(wrong.body).toContain('<Code>AuthenticationFailed</Code>');
  });

  it('L4 B15 refuses a request whose date is more than 15 minutes off', async () => {
    const share = await target.share();
    expect((await signedByKey(share, new Date())).status).toBe(200);
    const old = await signedByKey(share, new Date(Date.now() - 20 * 60_000));
    expect(old).toMatchObject({ status: 403, code: 'AuthenticationFailed' });
    const early = await signedByKey(share, new Date(Date.now() + 20 * 60_000));
    expect(early).toMatchObject({ status: 403, code: 'AuthenticationFailed' });
  });

  it.each([
    '/../escaped',
    '/a/../../escaped',
    '/%2e%2e/escaped',
    '/..%2fescaped',
    '/d/%5c..%5cescaped',
    '/nul%00byte',
  ])('L4 B24 the path %s leads nowhere', async (path) => {
    const share = await target.share();
    await share.getDirectoryClient('d').create();
    const { root, query } = await signed(share);
    const answer = await send(share.url, `${root}${path}?${query}`, 'PUT', {
      'x-ms-type': 'file',
      'x-ms-content-length': '0',
      'Content-Length': '0',
    });
    expect([400, 403, 404]).toContain(answer.status);
  });

  it('L4 B24 refuses a path that is no UTF-8', async () => {
    const share = await target.share();
    const { root, query } = await signed(share);
    const answer = await send(share.url, `${root}/%ED%A0%80?${query}`, 'PUT', {
      'x-ms-type': 'file',
      'x-ms-content-length': '0',
      'Content-Length': '0',
    });
    expect([400, 403]).toContain(answer.status);
  });

  it('L4 refuses a range of more than 4 MiB', async () => {
    const share = await target.share();
    await share.rootDirectoryClient.getFileClient('f').create(5 * 1024 * 1024);
    const { root, query } = await signed(share);
    const length = 4 * 1024 * 1024 + 1;
    const answer = await send(
      share.url,
      `${root}/f?comp=range&${query}`,
      'PUT',
      {
        'x-ms-range': `bytes=0-${String(length - 1)}`,
        'x-ms-write': 'update',
        'Content-Length': String(length),
      },
      'x'.repeat(length),
    );
    expect(answer).toMatchObject({ status: 413, code: 'RequestBodyTooLarge' });
  });

  it('L4 says which header is missing or wrong', async () => {
    const share = await target.share();
    await share.rootDirectoryClient.getFileClient('f').create(10);
    const { root, query } = await signed(share);
    const put = (suffix: string, headers: Record<string, string>, body = '') =>
      send(
        share.url,
        `${root}/f?${suffix}${query}`,
        'PUT',
        { 'Content-Length': String(body.length), ...headers },
        body,
      );
    expect(await put('', { 'x-ms-type': 'file' })).toMatchObject({
      status: 400,
      code: 'MissingRequiredHeader',
    });
    expect(await put('comp=range&', { 'x-ms-write': 'update' }, 'x')).toMatchObject({ status: 400 });
    const short = await put('comp=range&', { 'x-ms-write': 'update', 'x-ms-range': 'bytes=0-4' }, 'abc');
    expect(short).toMatchObject({ status: 400, code: 'InvalidHeaderValue' });
    expect(await put('comp=nonsense&', {})).toMatchObject({
      status: 400,
      code: 'InvalidQueryParameterValue',
    });
  });

  it('L4 an error of HEAD is in its header alone', async () => {
    const share = await target.share();
    const { root, query } = await signed(share);
    const answer = await send(share.url, `${root}/missing?${query}`, 'HEAD', {});
    expect(answer).toEqual({ status: 404, code: 'ResourceNotFound', body: '' });
  });
});
