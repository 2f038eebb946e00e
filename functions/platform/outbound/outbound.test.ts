import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '../../../test/support/scriptedServer.ts';
import { selfSigned } from '../../../test/support/selfSigned.ts';
import { isInsideAddress } from './addresses.ts';
import { createFetchOutside } from './fetchOutside.ts';
import { OutsideFault } from './outsideFault.ts';

let http: ScriptedServer;
let https: ScriptedServer;
const defaults = getCACertificates('default');
const guarded = createFetchOutside({ allowPrivateAddresses: false });
const local = createFetchOutside({ allowPrivateAddresses: true });

beforeAll(async () => {
  const tls = selfSigned();
  http = await startScriptedServer();
  https = await startScriptedServer(tls);
  setDefaultCACertificates([...defaults, tls.cert]);
});
afterEach(() => {
  for (const server of [http, https]) {
    server.requests.length = 0;
    server.script({ status: 200 });
  }
});
afterAll(async () => {
  setDefaultCACertificates(defaults);
  await Promise.all([http.close(), https.close()]);
});

async function faultOf(promise: Promise<unknown>): Promise<OutsideFault> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutsideFault)) throw new Error('wanted an OutsideFault', { cause: error });
  return error;
}

describe('the outbound guard', () => {
  it.each([
    'https://127.0.0.1/',
    'https://0x7f.0.0.1/',
    'https://2130706433/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.31.255.255/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://168.63.129.16/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[ff02::1]/',
  ])('S9 refuses %s, which is inside the network', async (url) => {
    expect(await faultOf(guarded({ url, method: 'POST', body: '{}' }))).toMatchObject({ kind: 'refused' });
  });

  it.each([
    'http://example.com/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'https://user:pw@example.com/',
    'x',
  ])('S9 refuses %s, which is no https address', async (url) => {
    const fault = await faultOf(guarded({ url, method: 'GET' }));
    expect(fault.kind).toBe('refused');
    expect(fault.message).not.toContain('pw');
  });

  it('S9 refuses a name that resolves to an inside address, also when a public one stands beside it', async () => {
    for (const answers of [['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], ['2606:2800::1', '::1']]) {
      const lookupAll = async () =>
        answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const fetch = createFetchOutside({ allowPrivateAddresses: false, lookupAll });
      const url = `https://rebound.example:${String(https.port)}/`;
      expect(await faultOf(fetch({ url, method: 'GET' }))).toMatchObject({ kind: 'refused' });
    }
    expect(https.requests).toEqual([]);
  });

  it('S9 refuses localhost as the system resolves it', async () => {
    const url = `https://localhost:${String(https.port)}/`;
    expect(await faultOf(guarded({ url, method: 'GET' }))).toMatchObject({ kind: 'refused' });
    expect(https.requests).toEqual([]);
  });

  it('S9 resolves a name once and connects to what it checked, whatever the name says later', async () => {
    let asked = 0;
    const lookupAll = async () => {
      asked += 1;
      return asked === 1 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '127.0.0.99', family: 4 }];
    };
    const fetch = createFetchOutside({ allowPrivateAddresses: true, lookupAll });
    // `.invalid` never resolves: an answer proves that nobody asked a resolver a second time.
    const url = `http://pinned.invalid:${String(http.port)}/`;
    expect(await fetch({ url, method: 'GET' })).toMatchObject({ status: 200 });
    expect(asked).toBe(1);
    expect(http.requests).toMatchObject([{ headers: { host: `pinned.invalid:${String(http.port)}` } }]);
  });

  it('S9 checks the certificate against the name that was configured', async () => {
    const lookupAll = async () => [{ address: '127.0.0.1', family: 4 }];
    const fetch = createFetchOutside({ allowPrivateAddresses: true, lookupAll });
    const at = (name: string) => ({ url: `https://${name}:${String(https.port)}/`, method: 'GET' }) as const;
    expect(await fetch(at('localhost'))).toMatchObject({ status: 200 });
    expect((await faultOf(fetch(at('other.example')))).message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('S9 follows no redirect', async () => {
    http.script({ status: 307, headers: { location: 'http://169.254.169.254/latest/meta-data/' } });
    expect(await local({ url: http.url, method: 'POST', body: '{}' })).toMatchObject({ status: 307 });
    expect(http.requests).toHaveLength(1);
  });

  it('S9 bounds time, also when the other side says nothing', async () => {
    http.script('silence');
    const fetch = createFetchOutside({ allowPrivateAddresses: true, timeoutMs: 200 });
    const fault = await faultOf(fetch({ url: `${http.url}/x?sig=secret-sig`, method: 'POST', body: '{}' }));
    expect(fault.kind).toBe('timeout');
    expect(fault.message).not.toContain('secret-sig');
  });

  it('S9 bounds time while it resolves a name', async () => {
    const lookupAll = () => new Promise<never>(() => undefined);
    const fetch = createFetchOutside({ allowPrivateAddresses: true, lookupAll, timeoutMs: 200 });
    expect((await faultOf(fetch({ url: 'https://slow.example/', method: 'GET' }))).kind).toBe('timeout');
  });

  it('S9 reads no more than 64 KiB of an answer', async () => {
    http.script({ status: 200, body: 'x'.repeat(5_000_000) });
    expect((await local({ url: http.url, method: 'GET' })).text).toHaveLength(65_536);
  });

  it('S9 tells of a cut connection without path or query', async () => {
    http.script('reset');
    const fault = await faultOf(local({ url: `${http.url}/hook/secret-path?sig=secret-sig`, method: 'GET' }));
    expect(fault.kind).toBe('unreachable');
    expect(`${fault.message} ${String(fault.cause)}`).not.toMatch(/secret/);
  });

  it('S9 uses no proxy of the environment', async () => {
    const proxy = await startScriptedServer();
    const script = `import { createFetchOutside } from ${JSON.stringify(join(import.meta.dirname, 'fetchOutside.ts'))};
      const fetch = createFetchOutside({ allowPrivateAddresses: true });
      console.log((await fetch({ url: ${JSON.stringify(http.url)}, method: 'GET' })).status);`;
    const env = {
      ...process.env,
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: proxy.url,
      http_proxy: proxy.url,
      NO_PROXY: '',
      no_proxy: '',
    };
    const args = ['--input-type=module', '--eval', script];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      expect(stdout.trim()).toBe('200');
      expect(http.requests).toHaveLength(1);
      expect(proxy.requests).toEqual([]);
    } finally {
      await proxy.close();
    }
  });
});

describe('isInsideAddress', () => {
  it('S9 lets public addresses pass', () => {
    for (const address of ['93.184.216.34', '20.42.1.1', '172.32.0.1', '100.128.0.1', '2606:2800:220:1::1']) {
      expect(isInsideAddress(address), address).toBe(false);
    }
  });

  it('S9 holds every way to write an IPv4 address in IPv6 for inside', () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.constantFrom('::ffff:', '::', '64:ff9b::', '::ffff:0:'),
        (address, prefix) => {
          expect(isInsideAddress(`${prefix}${address}`)).toBe(true);
        },
      ),
    );
  });

  it('S9 holds what is no address for inside', () => {
    fc.assert(fc.property(fc.string(), (text) => isInsideAddress(text) || /^[\d.:a-f]+$/i.test(text)));
  });
});
