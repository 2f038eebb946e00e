import { setTimeout as sleep } from 'node:timers/promises';
import type { FileCreateOptions, ShareFileClient } from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { attributes, contentOf, md5, pattern, refused, useTarget } from './target.ts';

const target = useTarget();
const MIB = 1024 * 1024;

async function newFile(name = 'f.dat'): Promise<ShareFileClient> {
  return (await target.share()).rootDirectoryClient.getFileClient(name);
}

/** Create File with content: 12.33 of the SDK calls it `content`, 12.31 passes `body` on though it does not say so. */
function withContent(
  content: Buffer,
  contentMD5: Buffer,
  options: FileCreateOptions = {},
): FileCreateOptions {
  const more = { content, body: content, contentLength: content.length, contentMD5 };
  return { ...options, ...more };
}

describe('files', () => {
  it.each([0, 1, 511, 512, 513, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 9 * MIB + 7])(
    'L4 B19 uploads and downloads %i bytes',
    async (length) => {
      const file = await newFile();
      const content = pattern(length);
      await file.uploadData(content, { concurrency: 3 });
      expect((await file.getProperties()).contentLength).toBe(length);
      if (length > 0) expect(md5(await file.downloadToBuffer())).toEqual(md5(content));
      expect(md5(await contentOf(await file.download()))).toEqual(md5(content));
    },
  );

  it('L4 a new file is zeros until ranges are written', async () => {
    const file = await newFile();
    await file.create(10_000);
    await file.uploadRange('abc', 5000, 3);
    const content = await file.downloadToBuffer();
    expect(content.subarray(0, 5000)).toEqual(Buffer.alloc(5000));
    expect(content.subarray(5000, 5003).toString()).toBe('abc');
    expect(content.subarray(5003)).toEqual(Buffer.alloc(4997));
  });

  it('L4 F5 a file’s creation time tells a create over it, and nothing else, from what was there', async () => {
    const file = await newFile();
    const { fileCreatedOn: first } = await file.create(4);
    await file.uploadRange('abcd', 0, 4);
    await file.setMetadata({ hash: 'x' });
    await file.setProperties({ lastWriteTime: new Date(2026, 0, 1) });
    expect(first).toBeInstanceOf(Date);
    expect((await file.getProperties()).fileCreatedOn).toEqual(first);
    await sleep(20);
    const { fileCreatedOn: second } = await file.create(4);
    expect(second?.getTime()).toBeGreaterThan(first?.getTime() ?? Infinity);
    expect((await file.getProperties()).fileCreatedOn).toEqual(second);
  });

  it('L4 creates a file below an existing directory only', async () => {
    const share = await target.share();
    await refused(share.getDirectoryClient('no').getFileClient('f').create(0), 404, 'ParentNotFound');
    await refused(share.rootDirectoryClient.getFileClient('no').getProperties(), 404, 'ResourceNotFound');
    await refused(share.rootDirectoryClient.getFileClient('no').delete(), 404, 'ResourceNotFound');
    expect(await share.rootDirectoryClient.getFileClient('no').exists()).toBe(false);
    expect((await share.rootDirectoryClient.getFileClient('no').deleteIfExists()).succeeded).toBe(false);
  });

  it('L4 create replaces a file: nothing of the old one shows through', async () => {
    const file = await newFile();
    await file.uploadData(pattern(3000));
    await file.setMetadata({ old: '1' });
    const before = await file.getProperties();
    await file.create(2000);
    const after = await file.getProperties();
    expect(after).toMatchObject({ contentLength: 2000, metadata: {} });
    expect(after.etag).not.toBe(before.etag);
    expect(await file.downloadToBuffer()).toEqual(Buffer.alloc(2000));
    expect((await file.getRangeList()).rangeList).toEqual([]);
  });

  it('L4 keeps content headers, metadata and times given at creation', async () => {
    const file = await newFile();
    const lastWriteTime = new Date('2018-03-04T05:06:07.089Z');
    await file.create(5, {
      fileHttpHeaders: {
        fileContentType: 'text/csv',
        fileContentEncoding: 'gzip',
        fileContentLanguage: 'de',
        fileCacheControl: 'no-store',
        fileContentDisposition: 'attachment',
        fileContentMD5: md5(Buffer.from('hello')),
      },
      metadata: { Sha256: 'ff', source_time: '1' },
      lastWriteTime,
      creationTime: lastWriteTime,
      fileAttributes: attributes('Temporary'),
    });
    const properties = await file.getProperties();
    expect(properties).toMatchObject({
      contentType: 'text/csv',
      contentEncoding: 'gzip',
      contentLanguage: 'de',
      cacheControl: 'no-store',
      contentDisposition: 'attachment',
      metadata: { sha256: 'ff', source_time: '1' },
      fileLastWriteOn: lastWriteTime,
      fileCreatedOn: lastWriteTime,
    });
    expect(Buffer.from(properties.contentMD5 ?? [])).toEqual(md5(Buffer.from('hello')));
    expect(properties.fileAttributes).toContain('Temporary');
  });

  it('L4 B19 creates a file with content, MD5 and metadata in one request', async () => {
    const share = await target.share();
    for (const length of [1, 20_000, 4 * MIB]) {
      const file = share.rootDirectoryClient.getFileClient(`whole-${String(length)}`);
      const content = pattern(length);
      await file.create(length, withContent(content, md5(content), { metadata: { sha256: 'aa' } }));
      expect(md5(await file.downloadToBuffer())).toEqual(md5(content));
      expect((await file.getProperties()).metadata).toEqual({ sha256: 'aa' });
      expect((await file.getRangeList()).rangeList).toEqual([{ start: 0, end: length - 1 }]);
    }
  });

  it('L4 creates nothing when the MD5 of the content is another', async () => {
    const file = await newFile();
    const content = Buffer.from('content');
    const wrong = withContent(content, md5(Buffer.from('other')));
    await refused(file.create(content.length, wrong), 400, 'Md5Mismatch');
    expect(await file.exists()).toBe(false);
  });

  it('L4 deletes a file', async () => {
    const file = await newFile();
    await file.uploadData(pattern(100));
    await file.delete();
    await refused(file.getProperties(), 404, 'ResourceNotFound');
    await refused(file.download(), 404, 'ResourceNotFound');
  });

  it('L4 lends a file: a write without the lease is refused, a read is not', async () => {
    const file = await newFile();
    await file.uploadData(Buffer.from('before'));
    const lease = file.getShareLeaseClient();
    const { leaseId } = await lease.acquireLease();
    await refused(file.uploadRange('x', 0, 1), 412, 'LeaseIdMissing');
    await refused(file.delete(), 412, 'LeaseIdMissing');
    await refused(file.getShareLeaseClient().acquireLease(), 409, 'LeaseAlreadyPresent');
    expect((await file.downloadToBuffer()).toString()).toBe('before');
    await file.uploadRange('B', 0, 1, { leaseAccessConditions: { leaseId: leaseId ?? '' } });
    expect(await file.getProperties()).toMatchObject({ leaseState: 'leased', leaseDuration: 'infinite' });
    await lease.releaseLease();
    await file.uploadRange('A', 0, 1);
    await file.getShareLeaseClient().acquireLease();
    await file.getShareLeaseClient().breakLease();
    await file.delete();
  });
});
