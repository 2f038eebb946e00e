import { describe, expect, it } from 'vitest';
import { all, refused, useTarget } from './target.ts';

const target = useTarget();

describe('shares', () => {
  it('L4 creates a share once and refuses the second time', async () => {
    const share = await target.share();
    await refused(share.create(), 409, 'ShareAlreadyExists');
    expect((await share.createIfNotExists()).succeeded).toBe(false);
    expect(await share.exists()).toBe(true);
  });

  it('L4 says ShareNotFound for everything on a share that is not there', async () => {
    const share = target.service.getShareClient(target.shareName());
    await refused(share.getProperties(), 404, 'ShareNotFound');
    await refused(share.delete(), 404, 'ShareNotFound');
    await refused(share.getDirectoryClient('d').create(), 404, 'ShareNotFound');
    await refused(share.rootDirectoryClient.getFileClient('f').create(0), 404, 'ShareNotFound');
    expect(await share.exists()).toBe(false);
    expect((await share.deleteIfExists()).succeeded).toBe(false);
  });

  it.each(['ab', 'Has-Upper', 'two--hyphens', '-first', 'last-', 'under_score', 'x'.repeat(64)])(
    'L4 B24 refuses the share name %j',
    async (name) => {
      await refused(
        target.service.getShareClient(name).create(),
        400,
        'InvalidResourceName',
        'OutOfRangeInput',
      );
    },
  );

  it('L4 keeps quota and metadata, and changes the ETag with each of them', async () => {
    const share = target.service.getShareClient(target.shareName());
    await share.create({ quota: 7, metadata: { Purpose: 'archive' } });
    const created = await share.getProperties();
    expect(created).toMatchObject({ quota: 7, metadata: { purpose: 'archive' } });
    await share.setProperties({ quotaInGB: 9 });
    await share.setMetadata({ other: '1' });
    const changed = await share.getProperties();
    expect(changed).toMatchObject({ quota: 9, metadata: { other: '1' } });
    expect(changed.metadata).not.toHaveProperty('purpose');
    expect(changed.etag).not.toBe(created.etag);
  });

  it('L4 refuses metadata whose name is no identifier', async () => {
    const share = await target.share();
    await refused(share.setMetadata({ 'no-identifier': '1' }), 400, 'InvalidMetadata');
  });

  it('L4 lists shares by prefix, page by page, with metadata when asked', async () => {
    const prefix = target.shareName();
    for (const suffix of ['a', 'b', 'c']) {
      await target.service.getShareClient(`${prefix}${suffix}`).create({ metadata: { letter: suffix } });
    }
    const pages = await all(
      target.service.listShares({ prefix, includeMetadata: true }).byPage({ maxPageSize: 2 }),
    );
    expect(pages.map((page) => page.shareItems?.map((item) => item.name.slice(-1)))).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
    expect(pages[0]?.shareItems?.[0]?.metadata).toEqual({ letter: 'a' });
    const without = await all(target.service.listShares({ prefix }));
    expect(without.map((item) => item.metadata)).toEqual([undefined, undefined, undefined]);
    for (const suffix of ['a', 'b', 'c']) await target.service.getShareClient(`${prefix}${suffix}`).delete();
  });

  it('L4 counts the bytes of the share', async () => {
    const share = await target.share();
    expect((await share.getStatistics()).shareUsageBytes).toBe(0);
    await share.rootDirectoryClient.getFileClient('f').uploadData(Buffer.alloc(4096, 1));
    await expect.poll(async () => (await share.getStatistics()).shareUsageBytes).toBeGreaterThanOrEqual(4096);
  });

  it('L4 answers service properties', async () => {
    const properties = await target.service.getProperties();
    expect(properties.hourMetrics?.version).toBe('1.0');
  });

  it('L4 keeps up to five stored access policies as they were set', async () => {
    const share = await target.share();
    const expiresOn = new Date('2031-01-02T03:04:05.000Z');
    const policies = ['one', 'two', 'three', 'four', 'five'].map((id) => ({
      id,
      accessPolicy: { permissions: 'rcwl', startsOn: new Date('2021-01-01T00:00:00.000Z'), expiresOn },
    }));
    await share.setAccessPolicy(policies);
    const { signedIdentifiers } = await share.getAccessPolicy();
    expect(signedIdentifiers.map(({ id }) => id)).toEqual(policies.map(({ id }) => id));
    expect(signedIdentifiers[0]?.accessPolicy).toMatchObject({ permissions: 'rcwl', expiresOn });
    const sixth = { id: 'six', accessPolicy: { permissions: 'r', expiresOn, startsOn: expiresOn } };
    await refused(share.setAccessPolicy([...policies, sixth]), 400, 'InvalidXmlDocument', 'InvalidInput');
    await share.setAccessPolicy(policies.slice(1, 2));
    expect((await share.getAccessPolicy()).signedIdentifiers.map(({ id }) => id)).toEqual(['two']);
  });

  it('L4 brings a deleted share back with its files', async () => {
    const share = await target.share();
    await share.rootDirectoryClient.getFileClient('kept.txt').uploadData(Buffer.from('kept'));
    await share.delete();
    await refused(share.getProperties(), 404, 'ShareNotFound');
    const listed = await all(target.service.listShares({ prefix: share.name, includeDeleted: true }));
    const deleted = listed.find((item) => item.deleted === true);
    expect(deleted?.properties.remainingRetentionDays).toBeGreaterThan(0);
    await expect
      .poll(
        () =>
          target.service.undeleteShare(share.name, deleted?.version ?? '').then(
            () => 'restored',
            () => 'not yet',
          ),
        { interval: 2000 },
      )
      .toBe('restored');
    const content = await share.rootDirectoryClient.getFileClient('kept.txt').downloadToBuffer();
    expect(content.toString()).toBe('kept');
    expect(await all(target.service.listShares({ prefix: share.name, includeDeleted: true }))).toHaveLength(
      1,
    );
  });

  it('L4 lends a share for a time, changes the lease and lets it go', async () => {
    const share = await target.share();
    const lease = share.getShareLeaseClient();
    await lease.acquireLease(15);
    expect(await share.getProperties()).toMatchObject({ leaseState: 'leased', leaseDuration: 'fixed' });
    await refused(share.delete(), 412, 'LeaseIdMissing');
    await refused(share.getShareLeaseClient().acquireLease(-1), 409, 'LeaseAlreadyPresent');
    await lease.changeLease('f00dbabe-0000-4000-8000-00000000cafe');
    await lease.releaseLease();
    expect((await share.getProperties()).leaseState).toBe('available');
  });
});
