import type { ShareFileClient } from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { contentOf, md5, pattern, refused, useTarget } from './target.ts';

const target = useTarget();
const MIB = 1024 * 1024;

async function fileOf(sizeBytes: number): Promise<ShareFileClient> {
  const file = (await target.share()).rootDirectoryClient.getFileClient('ranged.dat');
  await file.create(sizeBytes);
  return file;
}

const ranges = async (file: ShareFileClient) => (await file.getRangeList()).rangeList;

describe('ranges', () => {
  it('L4 F5 takes a range whose MD5 is right and answers with that MD5', async () => {
    const file = await fileOf(4 * MIB);
    const content = pattern(4 * MIB);
    const answer = await file.uploadRange(content, 0, content.length, { contentMD5: md5(content) });
    expect(Buffer.from(answer.contentMD5 ?? [])).toEqual(md5(content));
    expect(md5(await file.downloadToBuffer())).toEqual(md5(content));
  });

  it('L4 F5 refuses a range whose MD5 is wrong and writes none of it', async () => {
    const file = await fileOf(100);
    await file.uploadRange('kept', 0, 4);
    const { etag } = await file.getProperties();
    const wrong = { contentMD5: md5(Buffer.from('something else')) };
    await refused(file.uploadRange('lost', 0, 4, wrong), 400, 'Md5Mismatch');
    expect((await file.downloadToBuffer()).subarray(0, 4).toString()).toBe('kept');
    expect((await file.getProperties()).etag).toBe(etag);
  });

  it('L4 refuses a range beyond the end of the file', async () => {
    const file = await fileOf(10);
    await refused(file.uploadRange('12345', 8, 5), 416, 'InvalidRange');
    await refused(file.download(10, 1), 416, 'InvalidRange');
    await refused((await fileOf(0)).download(0, 1), 416, 'InvalidRange');
  });

  it('L4 downloads parts, with the MD5 of the part when asked', async () => {
    const file = await fileOf(3 * MIB);
    const content = pattern(3 * MIB);
    await file.uploadRange(content, 0, content.length);
    const part = await file.download(1000, 2 * MIB, { rangeGetContentMD5: true });
    const bytes = await contentOf(part);
    expect(md5(bytes)).toEqual(md5(content.subarray(1000, 1000 + 2 * MIB)));
    expect(Buffer.from(part.contentMD5 ?? [])).toEqual(md5(bytes));
    expect(part).toMatchObject({
      contentLength: 2 * MIB,
      contentRange: `bytes 1000-${String(1000 + 2 * MIB - 1)}/${String(3 * MIB)}`,
    });
    const tail = await file.download(3 * MIB - 10);
    expect(await contentOf(tail)).toEqual(content.subarray(-10));
  });

  it('L4 the MD5 stored with a file comes with the whole and apart from that of a part', async () => {
    const file = await fileOf(4);
    await file.uploadRange('data', 0, 4);
    await file.setHttpHeaders({ fileContentMD5: md5(Buffer.from('data')) });
    const whole = await file.download();
    expect(Buffer.from(whole.contentMD5 ?? [])).toEqual(md5(Buffer.from('data')));
    const part = await file.download(0, 2, { rangeGetContentMD5: true });
    expect(Buffer.from(part.contentMD5 ?? [])).toEqual(md5(Buffer.from('da')));
    expect(Buffer.from(part.fileContentMD5 ?? [])).toEqual(md5(Buffer.from('data')));
  });

  it('L4 lists written ranges, joined where they touch', async () => {
    const file = await fileOf(8192);
    expect(await ranges(file)).toEqual([]);
    await file.uploadRange(pattern(512), 0, 512);
    await file.uploadRange(pattern(1024), 4096, 1024);
    expect(await ranges(file)).toEqual([
      { start: 0, end: 511 },
      { start: 4096, end: 5119 },
    ]);
    await file.uploadRange(pattern(3584), 512, 3584);
    expect(await ranges(file)).toEqual([{ start: 0, end: 5119 }]);
    const clipped = await file.getRangeList({ range: { offset: 1024, count: 512 } });
    expect(clipped.rangeList).toEqual([{ start: 1024, end: 1535 }]);
  });

  it('L4 clears ranges: whole blocks are freed, the rest is zeroed', async () => {
    const file = await fileOf(4096);
    await file.uploadRange(pattern(4096), 0, 4096);
    await file.clearRange(1024, 1024);
    expect(await ranges(file)).toEqual([
      { start: 0, end: 1023 },
      { start: 2048, end: 4095 },
    ]);
    await file.clearRange(3, 5);
    const content = await file.downloadToBuffer();
    expect(content.subarray(0, 3)).toEqual(pattern(4096).subarray(0, 3));
    expect(content.subarray(3, 8)).toEqual(Buffer.alloc(5));
    expect(content.subarray(1024, 2048)).toEqual(Buffer.alloc(1024));
    await file.clearRange(0, 4096);
    expect(await ranges(file)).toEqual([]);
    expect(await file.downloadToBuffer()).toEqual(Buffer.alloc(4096));
  });

  it('L4 F7 takes ranges in any order and beside each other', async () => {
    const size = 64 * 1024;
    const file = await fileOf(64 * size);
    const content = pattern(64 * size);
    const order = Array.from({ length: 64 }, (_, index) => (index * 37) % 64);
    await Promise.all(
      order.map((index) =>
        file.uploadRange(content.subarray(index * size, (index + 1) * size), index * size, size),
      ),
    );
    expect(md5(await file.downloadToBuffer())).toEqual(md5(content));
    expect(await ranges(file)).toEqual([{ start: 0, end: 64 * size - 1 }]);
  });

  it('L4 each write moves the last write time, unless told to preserve it', async () => {
    const file = await fileOf(10);
    const lastWriteTime = new Date('2015-05-05T05:05:05.555Z');
    await file.setProperties({ lastWriteTime });
    await file.uploadRange('a', 0, 1, { fileLastWrittenMode: 'Preserve' });
    expect((await file.getProperties()).fileLastWriteOn).toEqual(lastWriteTime);
    await file.uploadRange('b', 0, 1);
    expect((await file.getProperties()).fileLastWriteOn?.getTime()).toBeGreaterThan(lastWriteTime.getTime());
  });

  it('L4 writes a range from another file', async () => {
    const file = await fileOf(100);
    await file.uploadRange(pattern(100), 0, 100);
    const copy = file.url.replace('ranged.dat', 'copy.dat');
    const share = target.service.getShareClient(file.shareName);
    const other = share.rootDirectoryClient.getFileClient('copy.dat');
    expect(other.url).toBe(copy);
    await other.create(50);
    const { FileSASPermissions } = await import('@azure/storage-file-share');
    const source = file.generateSasUrl({
      permissions: FileSASPermissions.parse('r'),
      expiresOn: new Date(Date.now() + 3_600_000),
    });
    await other.uploadRangeFromURL(source, 40, 10, 20);
    expect((await other.downloadToBuffer()).subarray(10, 30)).toEqual(pattern(100).subarray(40, 60));
  });
});
