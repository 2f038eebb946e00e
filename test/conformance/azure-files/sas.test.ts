import type { ShareSASPermissions as SharePermissions } from '@azure/storage-file-share';
import {
  AccountSASPermissions,
  FileSASPermissions,
  generateFileSASQueryParameters,
  SASProtocol,
  ShareClient,
  ShareFileClient,
  ShareSASPermissions,
  ShareServiceClient,
} from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { all, attributes, codeOf, refused, useTarget } from './target.ts';

const target = useTarget();
const HOUR_MS = 3_600_000;
const inAnHour = () => new Date(Date.now() + HOUR_MS);
const permissions = (letters: string): SharePermissions => ShareSASPermissions.parse(letters);

async function shareWithFile(): Promise<ShareClient> {
  const share = await target.share();
  await share.rootDirectoryClient.getFileClient('f').uploadData(Buffer.from('content'));
  return share;
}

async function withSas(share: ShareClient, letters: string, options: object = {}): Promise<ShareClient> {
  return new ShareClient(
    share.generateSasUrl({ permissions: permissions(letters), expiresOn: inAnHour(), ...options }),
  );
}

describe('shared access signatures', () => {
  it('L4 F5 lets an agent with read, create, write and list do its work, and nothing else', async () => {
    const share = await shareWithFile();
    const agent = await withSas(share, 'rcwl');
    await agent.getDirectoryClient('d').create();
    const file = agent.getDirectoryClient('d').getFileClient('g');
    await file.uploadData(Buffer.from('uploaded'));
    await file.setMetadata({ a: '1' });
    await file.setProperties({ fileAttributes: attributes('ReadOnly') });
    expect((await file.downloadToBuffer()).toString()).toBe('uploaded');
    expect(await all(agent.rootDirectoryClient.listFilesAndDirectories())).toHaveLength(2);
    await refused(agent.rootDirectoryClient.deleteFile('f'), 403, 'AuthorizationPermissionMismatch');
    await refused(agent.delete(), 403, 'AuthorizationFailure', 'AuthorizationPermissionMismatch');
    await refused(agent.setAccessPolicy([]), 403, 'AuthorizationFailure', 'AuthorizationPermissionMismatch');
  });

  it('L4 holds each permission apart', async () => {
    const share = await shareWithFile();
    const reader = (await withSas(share, 'r')).rootDirectoryClient;
    expect((await reader.getFileClient('f').downloadToBuffer()).toString()).toBe('content');
    await refused(reader.getFileClient('f').uploadRange('x', 0, 1), 403, 'AuthorizationPermissionMismatch');
    await refused(reader.getFileClient('new').create(1), 403, 'AuthorizationPermissionMismatch');
    await refused(all(reader.listFilesAndDirectories()), 403, 'AuthorizationPermissionMismatch');
    const writer = (await withSas(share, 'w')).rootDirectoryClient;
    await writer.getFileClient('f').uploadRange('C', 0, 1);
    await refused(writer.getFileClient('f').download(), 403, 'AuthorizationPermissionMismatch');
    const remover = (await withSas(share, 'd')).rootDirectoryClient;
    await refused(remover.getFileClient('f').getProperties(), 403, 'AuthorizationPermissionMismatch');
    await remover.getFileClient('f').delete();
  });

  it('L4 B20 refuses a signature past its time or before it', async () => {
    const share = await shareWithFile();
    const past = await withSas(share, 'r', { expiresOn: new Date(Date.now() - 60_000) });
    await refused(past.rootDirectoryClient.getFileClient('f').download(), 403, 'AuthenticationFailed');
    const future = await withSas(share, 'r', {
      startsOn: inAnHour(),
      expiresOn: new Date(Date.now() + 2 * HOUR_MS),
    });
    await refused(future.rootDirectoryClient.getFileClient('f').download(), 403, 'AuthenticationFailed');
  });

  it('L4 refuses a signature that somebody altered', async () => {
    const share = await shareWithFile();
    const url = share.generateSasUrl({ permissions: permissions('r'), expiresOn: inAnHour() });
    const wider = new ShareClient(url.replace('sp=r', 'sp=rcwdl'));
    await refused(wider.rootDirectoryClient.getFileClient('f').download(), 403, 'AuthenticationFailed');
    const other = await target.share();
    const moved = new ShareClient(url.replace(share.name, other.name));
    await refused(all(moved.rootDirectoryClient.listFilesAndDirectories()), 403, 'AuthenticationFailed');
  });

  it('L4 B21 revoking the stored access policy ends every signature under it', async () => {
    const share = await shareWithFile();
    const policy = { permissions: 'rl', expiresOn: inAnHour(), startsOn: new Date(Date.now() - HOUR_MS) };
    await share.setAccessPolicy([{ id: 'agent-7', accessPolicy: policy }]);
    const signed = new ShareClient(share.generateSasUrl({ identifier: 'agent-7' }));
    const read = () =>
      signed.rootDirectoryClient
        .getFileClient('f')
        .downloadToBuffer()
        .then(() => 'read', codeOf);
    await expect.poll(read, { interval: 1000 }).toBe('read');
    await refused(signed.rootDirectoryClient.deleteFile('f'), 403, 'AuthorizationPermissionMismatch');
    await share.setAccessPolicy([]);
    await expect.poll(read, { interval: 1000 }).toBe('AuthenticationFailed');
  });

  it('L4 a file signature opens that file only', async () => {
    const share = await shareWithFile();
    await share.rootDirectoryClient.getFileClient('g').create(0);
    const file = share.rootDirectoryClient.getFileClient('f');
    const url = file.generateSasUrl({
      permissions: FileSASPermissions.parse('r'),
      expiresOn: inAnHour(),
    });
    expect((await new ShareFileClient(url).downloadToBuffer()).toString()).toBe('content');
    await refused(new ShareFileClient(url.replace('/f?', '/g?')).download(), 403, 'AuthenticationFailed');
  });

  it('L4 an account signature opens what its services, resource types and permissions say', async () => {
    const share = await shareWithFile();
    const sign = (letters: string, types: string) =>
      target.service.generateAccountSasUrl(inAnHour(), AccountSASPermissions.parse(letters), types);
    const everything = new ShareServiceClient(sign('rwdlc', 'sco'));
    expect((await all(everything.listShares({ prefix: share.name }))).map(({ name }) => name)).toEqual([
      share.name,
    ]);
    expect(await everything.getShareClient(share.name).exists()).toBe(true);
    const objects = new ShareServiceClient(sign('rl', 'o'));
    const file = objects.getShareClient(share.name).rootDirectoryClient.getFileClient('f');
    expect((await file.downloadToBuffer()).toString()).toBe('content');
    await refused(all(objects.listShares()), 403, 'AuthorizationResourceTypeMismatch');
    await refused(file.delete(), 403, 'AuthorizationPermissionMismatch');
  });

  it('L4 keeps to the protocol and the addresses that a signature names', async () => {
    const share = await shareWithFile();
    const read = (client: ShareClient) => client.rootDirectoryClient.getFileClient('f').download();
    const both = await withSas(share, 'r', { protocol: SASProtocol.HttpsAndHttp });
    await read(both);
    const elsewhere = await withSas(share, 'r', { ipRange: { start: '203.0.113.1', end: '203.0.113.9' } });
    await refused(
      read(elsewhere),
      403,
      'AuthorizationSourceIPMismatch',
      'AuthorizationFailure',
      'AuthenticationFailed',
    );
  });

  it('L4 create alone does not overwrite', async () => {
    const share = await shareWithFile();
    const creator = (await withSas(share, 'c')).rootDirectoryClient;
    await creator.getFileClient('fresh').create(3);
    await refused(
      creator.getFileClient('f').create(3),
      403,
      'AuthorizationPermissionMismatch',
      'AuthorizationFailure',
    );
    expect((await share.rootDirectoryClient.getFileClient('f').downloadToBuffer()).toString()).toBe(
      'content',
    );
  });

  it('L4 takes a signature made for an older version of the service', async () => {
    const share = await shareWithFile();
    const query = generateFileSASQueryParameters(
      { shareName: share.name, permissions: permissions('r'), expiresOn: inAnHour(), version: '2019-12-12' },
      target.credential,
    );
    const old = new ShareClient(`${share.url}?${query.toString()}`);
    expect((await old.rootDirectoryClient.getFileClient('f').downloadToBuffer()).toString()).toBe('content');
  });
});
