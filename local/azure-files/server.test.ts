import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import {
  SASProtocol,
  ShareClient,
  ShareSASPermissions,
  ShareServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { DEVELOPMENT_ACCOUNT } from './server.ts';
import { Directory } from './store/directory.ts';
import { failureOf, startTestServer } from './testServer.ts';

const DAY_MS = 86_400_000;
const rejectedCode = async (call: Promise<unknown>) => (await failureOf(call)).code;

describe('the server', () => {
  it('L4 comes back after a restart with all it was given', async () => {
    await using first = await startTestServer();
    const share = first.service.getShareClient('kept');
    await share.create({ metadata: { a: '1' }, quota: 3 });
    await share.getDirectoryClient('D').create();
    const file = share.getDirectoryClient('D').getFileClient('F.txt');
    await file.uploadData(Buffer.from('content'));
    await file.setMetadata({ b: '2' });
    const { etag } = await file.getProperties();
    const { snapshot } = await share.createSnapshot();
    const second = await first.restart();
    const again = second.service.getShareClient('kept');
    expect(await again.getProperties()).toMatchObject({ quota: 3, metadata: { a: '1' } });
    const sameFile = again.getDirectoryClient('d').getFileClient('f.TXT');
    expect(await sameFile.getProperties()).toMatchObject({ etag, metadata: { b: '2' } });
    const then = again
      .withSnapshot(snapshot ?? '')
      .getDirectoryClient('D')
      .getFileClient('F.txt');
    expect((await then.downloadToBuffer()).toString()).toBe('content');
    await second.server.close();
  });

  it('L4 keeps files where a person finds them', async () => {
    await using running = await startTestServer();
    const { service, dataDir } = running;
    const share = service.getShareClient('readable');
    await share.create();
    await share.getDirectoryClient('2026-01-31').create();
    await share.getDirectoryClient('2026-01-31').getFileClient('Run 7.csv').uploadData(Buffer.from('1;2'));
    const path = join(dataDir, DEVELOPMENT_ACCOUNT.name, 'readable', 'files', '2026-01-31', 'Run 7.csv');
    expect(readFileSync(path, 'utf8')).toBe('1;2');
  });

  it('L4 B46 a second server on the same folder is refused', async () => {
    await using first = await startTestServer();
    await expect(startTestServer({ dataDir: first.dataDir })).rejects.toThrow(/serves it already/);
  });

  it('L4 B15 decides by its own clock whether a request is fresh', async () => {
    await using running = await startTestServer({ clock: () => Date.now() + 20 * 60_000 });
    const { service } = running;
    expect(await rejectedCode(service.getShareClient('skewed').create())).toBe('AuthenticationFailed');
  });

  it('L4 B20 a signature ends at its second', async () => {
    let now = Date.parse('2026-05-01T12:00:00Z');
    await using owner = await startTestServer({ clock: () => Date.now() });
    const share = owner.service.getShareClient('ending');
    await share.create();
    const startsOn = new Date(now);
    const url = share.generateSasUrl({
      permissions: ShareSASPermissions.parse('rcwl'),
      startsOn,
      expiresOn: new Date(now + 60_000),
    });
    const later = await owner.restart({ clock: () => now });
    const client = new ShareClient(url.replace(owner.server.url, later.server.url), undefined, {
      retryOptions: { maxTries: 1 },
    });
    const write = () => rejectedCode(client.rootDirectoryClient.getFileClient('f').create(0));
    expect(await write()).toBe('no error');
    now += 59_999;
    expect(await write()).toBe('no error');
    now += 1;
    expect(await write()).toBe('AuthenticationFailed');
    now = startsOn.getTime() - 1;
    expect(await write()).toBe('AuthenticationFailed');
    await later.server.close();
  });

  it('L4 B21 refuses what was signed with an old key as soon as keys are exchanged', async () => {
    await using running = await startTestServer();
    const { service, server } = running;
    const share = service.getShareClient('rotated');
    await share.create();
    const sas = new ShareClient(
      share.generateSasUrl({
        permissions: ShareSASPermissions.parse('l'),
        expiresOn: new Date(Date.now() + DAY_MS),
      }),
    );
    const key = Buffer.alloc(64, 9).toString('base64');
    server.rotateKey(DEVELOPMENT_ACCOUNT.name, key, DEVELOPMENT_ACCOUNT.key);
    expect(await rejectedCode(share.getProperties())).toBe('no error');
    server.rotateKey(DEVELOPMENT_ACCOUNT.name, key);
    expect(await rejectedCode(share.getProperties())).toBe('AuthenticationFailed');
    expect(await rejectedCode(sas.rootDirectoryClient.listFilesAndDirectories().next())).toBe(
      'AuthenticationFailed',
    );
    const credential = new StorageSharedKeyCredential(DEVELOPMENT_ACCOUNT.name, key);
    const renewed = new ShareServiceClient(`${server.url}/${DEVELOPMENT_ACCOUNT.name}`, credential);
    expect(await renewed.getShareClient('rotated').exists()).toBe(true);
  });

  it('L4 keeps to a signature that allows https only', async () => {
    await using running = await startTestServer();
    const { service } = running;
    const share = service.getShareClient('secure');
    await share.create();
    const url = share.generateSasUrl({
      permissions: ShareSASPermissions.parse('l'),
      expiresOn: new Date(Date.now() + DAY_MS),
      protocol: SASProtocol.Https,
    });
    const listing = new ShareClient(url).rootDirectoryClient.listFilesAndDirectories().next();
    expect(await rejectedCode(listing)).toBe('AuthorizationProtocolMismatch');
  });

  it('L4 B35 refuses to write beyond the quota, and takes writes again when there is room', async () => {
    await using first = await startTestServer();
    const GIB = 1024 ** 3;
    await first.service.getShareClient('full').create({ quota: 1 });
    await first.service
      .getShareClient('full')
      .rootDirectoryClient.getFileClient('big')
      .create(2 * GIB);
    await first.server.close();
    // A gibibyte is claimed in the journal instead of being written: the file below has a hole there.
    const diskPath = join(first.dataDir, DEVELOPMENT_ACCOUNT.name, 'full', 'files');
    const directory = Directory.load({ diskPath, synced: false, readOnly: false });
    const entry = directory.get('big');
    if (entry?.kind === 'file') directory.put({ ...entry, written: [0, GIB] });
    const second = await first.restart();
    const share = second.service.getShareClient('full');
    const file = share.rootDirectoryClient.getFileClient('big');
    expect((await share.getStatistics()).shareUsageBytes).toBe(GIB);
    expect(await rejectedCode(file.uploadRange('x', GIB, 1))).toBe('ShareSizeLimitReached');
    await file.uploadRange('rewritten', 0, 9);
    await file.clearRange(0, 1024 * 1024);
    await file.uploadRange('x', GIB, 1);
    await second.server.close();
  });

  it('L4 removes a deleted share when its retention is over, or at once without one', async () => {
    await using first = await startTestServer({ softDeleteDays: 1 });
    const deleted = async (service: ShareServiceClient) => {
      const names: string[] = [];
      for await (const share of service.listShares({ includeDeleted: true })) names.push(share.name);
      return names;
    };
    await first.service.getShareClient('gone').create();
    await first.service.getShareClient('gone').delete();
    expect(await deleted(first.service)).toEqual(['gone']);
    const folder = join(first.dataDir, DEVELOPMENT_ACCOUNT.name, '.azure-files.deleted');
    const second = await first.restart({ clock: () => Date.now() + DAY_MS });
    expect(readdirSync(folder)).toEqual([]);
    const third = await second.restart({ clock: () => Date.now(), softDeleteDays: 0 });
    await third.service.getShareClient('gone').create();
    await third.service.getShareClient('gone').delete();
    expect(await deleted(third.service)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    await third.server.close();
  });

  it('L4 takes the account from a named host', async () => {
    await using running = await startTestServer();
    const { server, service } = running;
    await service.getShareClient('hosted').create();
    const share = service.getShareClient('hosted');
    const url = new URL(
      share.generateSasUrl({
        permissions: ShareSASPermissions.parse('l'),
        expiresOn: new Date(Date.now() + DAY_MS),
      }),
    );
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const headers = {
      Host: `${DEVELOPMENT_ACCOUNT.name}.file.example.test:${String(server.port)}`,
      'x-ms-version': '2026-04-06',
    };
    const path = `/hosted?restype=directory&comp=list&${url.search.slice(1)}`;
    request({ port: server.port, host: '127.0.0.1', path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
    expect(await promise).toBe(200);
  });

  it('L4 a crash in the middle of creating a share or a snapshot leaves no trace', async () => {
    await using first = await startTestServer();
    await first.service.getShareClient('whole').create();
    const account = join(first.dataDir, DEVELOPMENT_ACCOUNT.name);
    mkdirSync(join(account, '.azure-files.creating-1', 'files'), { recursive: true });
    mkdirSync(join(account, 'whole', 'snapshots', '.azure-files.building'));
    writeFileSync(join(account, 'whole', '.azure-files.copying-1'), 'left by a copy');
    const second = await first.restart();
    const shares = [];
    for await (const share of second.service.listShares({ includeSnapshots: true })) shares.push(share.name);
    expect(shares).toEqual(['whole']);
    await second.server.close();
  });

  it('L4 B18 old bytes do not come back when a file grows after a shrink that a crash interrupted', async () => {
    await using first = await startTestServer();
    const share = first.service.getShareClient('shrunk');
    await share.create();
    const file = share.rootDirectoryClient.getFileClient('f');
    await file.uploadData(Buffer.from('0123456789'));
    await file.resize(4);
    // The journal says 4 bytes; the data file still has them all.
    const path = join(first.dataDir, DEVELOPMENT_ACCOUNT.name, 'shrunk', 'files', 'f');
    writeFileSync(path, '0123456789');
    expect((await file.downloadToBuffer()).toString()).toBe('0123');
    await file.resize(10);
    expect((await file.downloadToBuffer()).toString()).toBe(`0123${'\0'.repeat(6)}`);
  });

  it('L4 B18 finishes a rename that a crash interrupted, at whichever step', async () => {
    await using first = await startTestServer();
    const share = first.service.getShareClient('renaming');
    await share.create();
    await share.getDirectoryClient('to').create();
    const file = share.rootDirectoryClient.getFileClient('f');
    await file.uploadData(Buffer.from('moved'));
    const folder = join(first.dataDir, DEVELOPMENT_ACCOUNT.name, 'renaming');
    const journal = readFileSync(join(folder, 'files', '.azure-files.journal'), 'utf8')
      .trim()
      .split('\n');
    const { put } = JSON.parse((journal.at(-1) ?? '').slice(9)) as { put: Record<string, unknown> };
    const intent = {
      from: ['f'],
      toParent: ['to'],
      entry: { ...put, name: 'g', diskName: undefined },
      fromDiskName: 'f',
    };
    writeFileSync(join(folder, 'rename.json'), JSON.stringify(intent));
    const second = await first.restart();
    const again = second.service.getShareClient('renaming');
    expect((await again.getDirectoryClient('to').getFileClient('g').downloadToBuffer()).toString()).toBe(
      'moved',
    );
    expect(await again.rootDirectoryClient.getFileClient('f').exists()).toBe(false);
    // The crash may also have come after the last step: doing all of it once more changes nothing.
    await second.server.close();
    writeFileSync(join(folder, 'rename.json'), JSON.stringify(intent));
    const third = await first.restart();
    const last = third.service.getShareClient('renaming');
    expect((await last.getDirectoryClient('to').getFileClient('g').downloadToBuffer()).toString()).toBe(
      'moved',
    );
    await third.server.close();
  });
});
