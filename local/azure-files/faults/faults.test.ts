import { ShareClient, ShareSASPermissions } from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { failureOf, startTestServer } from '../testServer.ts';
import { Faults } from './faultRules.ts';

describe('fault rules', () => {
  it('L4 B22 strike by method, path and operation, after some and so often', () => {
    const faults = new Faults([
      {
        match: { method: 'put', path: '^acc/share/d/', operation: 'PutRange' },
        action: { kind: 'silence' },
        skip: 1,
        times: 2,
      },
    ]);
    const hit = { method: 'PUT', path: 'acc/share/d/f', operation: 'PutRange' };
    expect(faults.strike({ ...hit, method: 'GET' })).toBeUndefined();
    expect(faults.strike({ ...hit, path: 'acc/share/e/f' })).toBeUndefined();
    expect(faults.strike({ ...hit, operation: 'CreateFile' })).toBeUndefined();
    const struck = Array.from({ length: 4 }, () => faults.strike(hit)?.kind);
    expect(struck).toEqual([undefined, 'silence', 'silence', undefined]);
    expect(faults.list()).toMatchObject([{ seen: 4, struck: 2 }]);
  });

  it('L4 strike by chance', () => {
    const draws = [0.2, 0.8];
    const faults = new Faults([{ action: { kind: 'silence' }, probability: 0.5 }], () => draws.shift() ?? 1);
    const subject = { method: 'GET', path: '', operation: 'GetFile' };
    expect(faults.strike(subject)).toBeDefined();
    expect(faults.strike(subject)).toBeUndefined();
  });

  it.each([
    {},
    { action: { kind: 'explode' } },
    { action: { kind: 'silence' }, match: { path: '(' } },
    { action: { kind: 'error', code: 'Nope' } },
  ])('L4 refuse nonsense: %j', (rule) => {
    expect(() => new Faults([rule as never])).toThrow();
  });
});

describe('faults on the wire', () => {
  it('L4 B22 throttles with Retry-After, and the SDK comes through by itself', async () => {
    await using running = await startTestServer({}, { retryOptions: { maxTries: 3, retryDelayInMs: 1 } });
    const { service, server } = running;
    const share = service.getShareClient('busy');
    server.faults.add({
      match: { operation: 'CreateShare' },
      action: { kind: 'throttle', retryAfterSeconds: 0 },
      times: 2,
    });
    await share.create();
    expect(server.faults.list()).toMatchObject([{ seen: 3, struck: 2 }]);
  });

  it('L4 B22 answers 429, timeouts and a full share as Azure does', async () => {
    await using running = await startTestServer();
    const { service, server } = running;
    const share = service.getShareClient('faulty');
    await share.create();
    const create = () => failureOf(share.rootDirectoryClient.getFileClient('f').create(0));
    // With a body that nobody reads: the connection must be good for the next request all the same.
    const put = () =>
      failureOf(
        share.rootDirectoryClient.getFileClient('g').uploadRange(Buffer.alloc(4_194_304), 0, 4_194_304),
      );
    server.faults.add({ action: { kind: 'throttle' }, times: 3 });
    for (let turn = 0; turn < 3; turn += 1) expect(await put()).toEqual({ status: 503, code: 'ServerBusy' });
    server.faults.add({ action: { kind: 'throttle', status: 429 }, times: 1 });
    expect(await create()).toEqual({ status: 429, code: 'TooManyRequests' });
    server.faults.add({ action: { kind: 'error', code: 'OperationTimedOut' }, times: 1 });
    expect(await create()).toEqual({ status: 500, code: 'OperationTimedOut' });
    server.faults.add({ action: { kind: 'shareFull' }, times: 1 });
    expect(await create()).toEqual({ status: 403, code: 'ShareSizeLimitReached' });
    expect(await create()).toEqual({ status: undefined, code: 'no error' });
  });

  it('L4 B20 plays an expired signature to those who use one', async () => {
    await using running = await startTestServer();
    const { service, server } = running;
    const share = service.getShareClient('expired');
    await share.create();
    const url = share.generateSasUrl({
      permissions: ShareSASPermissions.parse('l'),
      expiresOn: new Date(Date.now() + 60_000),
    });
    server.faults.add({ action: { kind: 'sasExpired' } });
    const listing = new ShareClient(url).rootDirectoryClient.listFilesAndDirectories().next();
    expect(await failureOf(listing)).toEqual({ status: 403, code: 'AuthenticationFailed' });
    expect(await share.exists()).toBe(true);
  });

  it('L4 B18 cuts the connection while a range comes in, and nothing of it is kept', async () => {
    await using running = await startTestServer();
    const { service, server } = running;
    const share = service.getShareClient('cut');
    await share.create();
    const file = share.rootDirectoryClient.getFileClient('f');
    await file.create(1024 * 1024);
    server.faults.add({
      match: { operation: 'PutRange' },
      action: { kind: 'disconnect', afterBytes: 100_000 },
    });
    expect((await failureOf(file.uploadRange(Buffer.alloc(1024 * 1024, 1), 0, 1024 * 1024))).code).not.toBe(
      'no error',
    );
    expect((await file.getRangeList()).rangeList).toEqual([]);
  });

  it('L4 B18 does what was asked and loses the answer', async () => {
    await using running = await startTestServer();
    const { service, server } = running;
    const share = service.getShareClient('lost');
    await share.create();
    server.faults.add({ match: { operation: 'CreateFile' }, action: { kind: 'loseAnswer' } });
    expect((await failureOf(share.rootDirectoryClient.getFileClient('f').create(7))).code).not.toBe(
      'no error',
    );
    expect((await share.rootDirectoryClient.getFileClient('f').getProperties()).contentLength).toBe(7);
  });

  it('L4 B23 falls silent, and cuts downloads in the middle', async () => {
    await using running = await startTestServer();
    const { service, server } = running;
    const share = service.getShareClient('silent');
    await share.create();
    const file = share.rootDirectoryClient.getFileClient('f');
    await file.uploadData(Buffer.alloc(3 * 1024 * 1024, 5));
    server.faults.add({ match: { operation: 'GetFile' }, action: { kind: 'silence' }, times: 1 });
    const abortSignal = AbortSignal.timeout(300);
    await expect(file.download(0, undefined, { abortSignal })).rejects.toThrow(/abort/i);
    server.faults.add({
      match: { operation: 'GetFile' },
      action: { kind: 'disconnect', during: 'answer', afterBytes: 700_000 },
      times: 1,
    });
    await expect(file.downloadToBuffer()).rejects.toThrow(/abort/i);
    const whole = await file.downloadToBuffer();
    expect(whole.equals(Buffer.alloc(3 * 1024 * 1024, 5))).toBe(true);
  });

  it('L4 is scripted from outside, where the server was started for that', async () => {
    await using running = await startTestServer({ faultEndpoint: true });
    const { server, service } = running;
    const endpoint = `${server.url}/.faults`;
    const post = (body: string) => fetch(endpoint, { method: 'POST', body });
    expect((await post('{"action":{"kind":"throttle"},"times":1}')).status).toBe(201);
    expect((await failureOf(service.getShareClient('abc').create())).code).toBe('ServerBusy');
    expect(await (await fetch(endpoint)).json()).toMatchObject([{ seen: 1, struck: 1 }]);
    expect((await post('{"action":{"kind":"explode"}}')).status).toBe(400);
    expect((await post('no json')).status).toBe(400);
    expect(await (await fetch(endpoint, { method: 'DELETE' })).json()).toEqual([]);
    await using plain = await startTestServer();
    expect((await fetch(`${plain.server.url}/.faults`)).status).toBe(403);
  });
});
