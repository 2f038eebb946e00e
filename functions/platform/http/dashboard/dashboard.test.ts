import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDashboard } from './dashboard.ts';

let folder = '';
const page = '<!doctype html><title>DataSync</title>';
const script = 'console.log("dashboard")'.repeat(50);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
  const root = join(folder, 'built');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'hunter2');
  await writeFile(join(root, '.env'), 'hunter2');
  await writeFile(join(root, 'index.html'), page);
  const path = join(root, 'assets', 'index-B3kQx9a_.js');
  await writeFile(path, script);
  await writeFile(`${path}.br`, brotliCompressSync(script));
  await writeFile(`${path}.gz`, gzipSync(script));
  await writeFile(`${path}.map`, '{}');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function get(path: string, headers: Record<string, string> = {}, root = join(folder, 'built')) {
  const request = new HttpRequest({ method: 'GET', url: `http://x${path}`, headers });
  const answer = await createDashboard(() => root)(request, new InvocationContext());
  return answer as HttpResponseInit & { headers: Record<string, string>; body?: Buffer | string };
}

const scriptPath = '/assets/index-B3kQx9a_.js';

describe('the dashboard', () => {
  it.each(['/', '/runners/r1', '/runs?x=1'])(
    'L5 answers %s with its page, checked again each time',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect([status, String(body)]).toEqual([200, page]);
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-type']).toContain('text/html');
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    },
  );

  it('P8 sends hashed files for good, as they were compressed beforehand', async () => {
    const plain = await get(scriptPath);
    expect(String(plain.body)).toBe(script);
    expect(plain.headers['cache-control']).toContain('immutable');
    expect(plain.headers['content-type']).toContain('text/javascript');
    const brotli = await get(scriptPath, { 'accept-encoding': 'gzip, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotli.body).toEqual(brotliCompressSync(script));
    expect((await get(scriptPath, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
    expect(brotli.headers['vary']).toBe('Accept-Encoding');
  });

  it('P8 answers 304 for what the browser has, and only for that encoding of it', async () => {
    const { headers } = await get(scriptPath, { 'accept-encoding': 'br' });
    const known = { 'if-none-match': `"other", W/${headers['etag'] ?? ''}` };
    expect((await get(scriptPath, { 'accept-encoding': 'br', ...known })).status).toBe(304);
    expect((await get(scriptPath, known)).status).toBe(200);
  });

  it('P8 does not send a compressed twin that an earlier build left', async () => {
    const path = join(folder, 'built', 'old.js');
    await writeFile(path, 'new');
    await writeFile(`${path}.br`, brotliCompressSync('old'));
    await utimes(`${path}.br`, new Date(0), new Date(0));
    expect(String((await get('/old.js', { 'accept-encoding': 'br' })).body)).toBe('new');
  });

  it('L5 a file that is not there is 404, never the page', async () => {
    for (const path of [
      '/assets/gone.js',
      '/favicon.ico',
      '/assets/index-B3kQx9a_.js.map',
      '/index.html.br',
      '/api//health',
    ])
      expect((await get(path)).status).toBe(404);
  });

  it('L5 says what to do when it is not built', async () => {
    const { status, body } = await get('/', {}, join(folder, 'nothing'));
    expect(status).toBe(404);
    expect(body).toContain('npm run build:dashboard');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/.env',
    '/%2eenv',
    '/a%00.txt',
    '/%',
    '/C:/windows/win.ini',
  ])('A3 %s leads nowhere outside', async (path) => {
    const { body } = await get(path);
    expect(String(body)).not.toContain('hunter2');
  });

  it('A3 no path at all gives what lies outside', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      'secret.txt',
      'assets',
      '%2e%2e',
      '%2f',
      '\\',
      '%5c',
      '%00',
      '.env',
      '~',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const { body } = await get(`/${parts.join('/')}`);
        expect(String(body)).not.toContain('hunter2');
      }),
    );
  });
});
