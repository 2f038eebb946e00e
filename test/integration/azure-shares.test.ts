import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShareClient, ShareServiceClient } from '@azure/storage-file-share';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../shared/contract/agents.ts';
import { keepSecret } from '../../functions/platform/keyVaultSecret.ts';
import { openAzureShares } from '../../functions/platform/storage/azureShares.ts';
import type { Shares } from '../../functions/platform/storage/shares.ts';
import type { FaultRule } from '../../local/azure-files/faults/faultRules.ts';
import {
  type AzureFilesServer,
  DEVELOPMENT_ACCOUNT,
  startAzureFilesServer,
} from '../../local/azure-files/server.ts';

let dataDir = '';
let server: AzureFilesServer;
let shares: Shares;
let connectionString = '';
let made = 0;
let shareName = '';

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azure-shares-'));
  server = await startAzureFilesServer({ dataDir, port: 0 });
  const { name, key } = DEVELOPMENT_ACCOUNT;
  connectionString = `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};FileEndpoint=${server.url}/${name};`;
  shares = openAzureShares({ connectionString, sasHours: 24, newId: () => `id-${String(made++)}` });
});
beforeEach(async () => {
  shareName = `share-${String(made++)}`;
  await shares.ensureShare(shareName);
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** As an agent sees the share: with its SAS, and without a repetition. */
function asAgent({ shareUrl, sas }: Credential): ShareClient {
  return new ShareClient(`${shareUrl}?${sas}`, undefined, { retryOptions: { maxTries: 1 } });
}

async function put(share: ShareClient, folder: string, name: string, text: string) {
  const directory = share.getDirectoryClient(folder);
  await directory.createIfNotExists();
  const file = directory.getFileClient(name);
  await file.create(text.length, { metadata: { Sha256: 'abc' } });
  if (text !== '') await file.uploadRange(text, 0, text.length);
  return file;
}

describe('credentials of agents', () => {
  it('F5 D7 let an agent read, create, write and list on its share, and delete nothing', async () => {
    const share = asAgent(await shares.issueCredential(shareName, new Date()));
    const file = await put(share, '2026-04-13', 'a.dat', 'hello');
    expect((await file.getProperties()).contentLength).toBe(5);
    await expect(file.delete()).rejects.toMatchObject({ statusCode: 403 });
  });

  it('A5 open no other share', async () => {
    await shares.ensureShare('other-share');
    const credential = await shares.issueCredential(shareName, new Date());
    const other = asAgent({ ...credential, shareUrl: credential.shareUrl.replace(shareName, 'other-share') });
    await expect(put(other, 'x', 'a.dat', 'hello')).rejects.toMatchObject({ statusCode: 403 });
  });

  it('D7 end at the time that the agent was told, to the second', async () => {
    const now = new Date('2026-04-13T02:00:00.900Z');
    const credential = await shares.issueCredential(shareName, now);
    expect(credential.expiresAt).toBe('2026-04-14T02:00:00.000Z');
    const past = asAgent(await shares.issueCredential(shareName, new Date(Date.now() - 25 * 3_600_000)));
    await expect(put(past, 'x', 'a.dat', 'hello')).rejects.toMatchObject({ statusCode: 403 });
  });

  it('D7 end at once when revoked, for good; those issued afterwards are good', async () => {
    const before = await shares.issueCredential(shareName, new Date());
    await put(asAgent(before), 'x', 'a.dat', 'hello');
    await shares.revokeCredentials(shareName);
    await expect(put(asAgent(before), 'x', 'b.dat', 'hello')).rejects.toMatchObject({ statusCode: 403 });
    const after = await shares.issueCredential(shareName, new Date());
    await put(asAgent(after), 'x', 'c.dat', 'hello');
    await expect(put(asAgent(before), 'x', 'd.dat', 'hello')).rejects.toMatchObject({ statusCode: 403 });
  });

  it('F4 making a share again changes nothing of what was issued', async () => {
    const credential = await shares.issueCredential(shareName, new Date());
    await shares.ensureShare(shareName);
    await put(asAgent(credential), 'x', 'a.dat', 'hello');
  });

  it('F2 name the address that agents use, where it is another', async () => {
    const publicEndpoint = 'https://files.example.org/';
    const behind = openAzureShares({ connectionString, publicEndpoint, sasHours: 1, newId: () => 'x' });
    const credential = await behind.issueCredential(shareName, new Date());
    expect(credential.shareUrl).toBe(`https://files.example.org/${shareName}`);
    expect(new URLSearchParams(credential.sas).get('spr')).toBe('https');
  });
});

describe('what is on a share', () => {
  it('F9 is listed with times, attributes and ETags, a missing folder being empty', async () => {
    const share = asAgent(await shares.issueCredential(shareName, new Date()));
    await put(share, 'day', 'ä & b%41.dat', 'hello');
    const root = await shares.listPage(shareName, '', undefined);
    expect(root.entries).toMatchObject([{ kind: 'directory', name: 'day', path: 'day', sizeBytes: 0 }]);
    const { entries, nextMarker } = await shares.listPage(shareName, 'day', undefined);
    expect(nextMarker).toBeUndefined();
    expect(entries).toMatchObject([{ kind: 'file', path: 'day/ä & b%41.dat', sizeBytes: 5 }]);
    expect(entries[0]?.attributes).not.toBe('');
    expect(entries[0]?.lastWriteAt).toBeInstanceOf(Date);
    expect(entries[0]?.lastModifiedAt).toBeInstanceOf(Date);
    expect(entries[0]?.etag).toMatch(/\w/);
    expect((await shares.listPage(shareName, 'never/made', undefined)).entries).toEqual([]);
  });

  it('F9 is read without its metadata in a listing, with it in a look at the file', async () => {
    const share = asAgent(await shares.issueCredential(shareName, new Date()));
    await put(share, 'day', 'a.dat', 'hello');
    const [entry] = (await shares.listPage(shareName, 'day', undefined)).entries;
    const facts = await shares.fileFacts(shareName, 'day/a.dat');
    expect(facts).toMatchObject({ sizeBytes: 5, metadata: { sha256: 'abc' } });
    expect(facts?.lastModifiedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(facts?.attributes).toBe(entry?.attributes);
    expect(await shares.fileFacts(shareName, 'day/none.dat')).toBeUndefined();
    expect(await shares.fileFacts(shareName, 'no/folder/none.dat')).toBeUndefined();
  });

  it('F9 is hashed as it stands, empty files and files of many chunks too', async () => {
    const share = asAgent(await shares.issueCredential(shareName, new Date()));
    const text = 'x'.repeat(3_000_000);
    await put(share, 'day', 'large.dat', text);
    await put(share, 'day', 'empty.dat', '');
    const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
    expect(await shares.fileSha256(shareName, 'day/large.dat')).toBe(sha256(text));
    expect(await shares.fileSha256(shareName, 'day/empty.dat')).toBe(sha256(''));
    expect(await shares.fileSha256(shareName, 'day/none.dat')).toBeUndefined();
  });

  it('S4 D1 says how full a share is, takes snapshots of it, tells its own from others, and deletes one alone', async () => {
    const share = asAgent(await shares.issueCredential(shareName, new Date()));
    await put(share, 'day', 'counted.dat', 'x'.repeat(100_000));
    const { usedBytes, quotaBytes } = await shares.usage(shareName);
    expect(usedBytes).toBeGreaterThanOrEqual(100_000);
    expect(quotaBytes).toBeGreaterThan(usedBytes);
    const own = async () => (await shares.listSnapshots()).filter((one) => one.shareName === shareName);
    expect(await own()).toEqual([]);
    await ShareServiceClient.fromConnectionString(connectionString)
      .getShareClient(shareName)
      .createSnapshot();
    await shares.takeSnapshot(shareName);
    const [foreign, ours] = await own();
    expect([foreign?.isOurs, ours?.isOurs]).toEqual([false, true]);
    expect(ours!.takenAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await shares.deleteSnapshot(ours!);
    await shares.deleteSnapshot(ours!);
    expect(await own()).toMatchObject([{ snapshot: foreign!.snapshot }]);
    await expect(shares.deleteSnapshot({ ...ours!, snapshot: '' })).rejects.toThrow();
    expect(await shares.fileFacts(shareName, 'day/counted.dat')).toMatchObject({ sizeBytes: 100_000 });
  });

  it('F9 a share that is gone is an error, not an empty page', async () => {
    await expect(shares.listPage('never-made', '', undefined)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(shares.fileFacts('never-made', 'a')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

function always(action: FaultRule['action']): FaultRule {
  return { match: {}, action, skip: 0, probability: 1 };
}

describe('failures', () => {
  it('F7 a wrong key is auth, and the key stands in no error', async () => {
    const wrong = connectionString.replace(DEVELOPMENT_ACCOUNT.key, 'c2VjcmV0LWtleQ==');
    const refused = openAzureShares({ connectionString: wrong, sasHours: 1, newId: () => 'x' });
    const error: unknown = await refused.ping().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ShareError', kind: 'auth' });
    expect(String(error)).not.toContain('c2VjcmV0');
  });

  it('D7 a key that is refused is read anew for the next call: rotation needs no restart', async () => {
    let text = connectionString.replace(DEVELOPMENT_ACCOUNT.key, 'c2VjcmV0LWtleQ==');
    const connection = keepSecret({
      tellFailure: () => undefined,
      now: Date.now,
      fetchSecret: () => Promise.resolve({ text, since: undefined }),
    });
    const rotated = openAzureShares({ connection, sasHours: 1, newId: () => 'x' });
    await expect(rotated.ping()).rejects.toMatchObject({ kind: 'auth' });
    text = connectionString;
    await rotated.ping();
    expect((await rotated.issueCredential(shareName, new Date())).sas).toContain('sig=');
  });

  it('B22 a throttled account is named so, with how long to wait', async () => {
    server.faults.add(always({ kind: 'throttle', status: 503, retryAfterSeconds: 1 }));
    try {
      await expect(shares.ping()).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 1000 });
    } finally {
      server.faults.clear();
    }
  });

  it('B23 an account that never answers is unreachable within the limit', async () => {
    const patient = openAzureShares({ connectionString, sasHours: 1, newId: () => 'x', timeoutMs: 300 });
    server.faults.add(always({ kind: 'silence' }));
    try {
      await expect(patient.ping()).rejects.toMatchObject({ kind: 'unreachable' });
      await expect(patient.fileSha256(shareName, 'a.dat')).rejects.toMatchObject({ kind: 'unreachable' });
    } finally {
      server.faults.clear();
    }
  });

  it('F7 an account that is not there is unreachable', async () => {
    const gone = openAzureShares({
      connectionString: connectionString.replace(server.url, 'http://127.0.0.1:9'),
      sasHours: 1,
      newId: () => 'x',
      timeoutMs: 1500,
    });
    await expect(gone.ping()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('A3 a connection string without a key is refused without being repeated', () => {
    const open = () =>
      openAzureShares({ connectionString: 'AccountName=hunter2', sasHours: 1, newId: () => 'x' });
    expect(open).toThrow(/FILES_CONNECTION_STRING/);
    expect(open).not.toThrow(/hunter2/);
  });
});
