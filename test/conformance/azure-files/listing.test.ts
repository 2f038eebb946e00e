import type { DirectoryItem, FileItem, ShareDirectoryClient } from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { all, attributes, useTarget } from './target.ts';

const target = useTarget();

type Item = ({ kind: 'file' } & FileItem) | ({ kind: 'directory' } & DirectoryItem);

const names = (items: readonly Item[]) => items.map(({ name }) => name).sort();

async function filled(): Promise<ShareDirectoryClient> {
  const share = await target.share();
  const directory = share.getDirectoryClient('listed');
  await directory.create();
  for (const name of ['b.txt', 'A.txt', 'c.txt'])
    await directory.getFileClient(name).uploadData(Buffer.from(name));
  await directory.getDirectoryClient('Sub').create();
  return directory;
}

describe('listings', () => {
  it('L4 lists files with their sizes and directories', async () => {
    const directory = await filled();
    const items = await all(directory.listFilesAndDirectories());
    expect(names(items)).toEqual(['A.txt', 'Sub', 'b.txt', 'c.txt']);
    const file = items.find(({ name }) => name === 'b.txt');
    expect(file).toMatchObject({ kind: 'file', properties: { contentLength: 5 } });
    expect(items.find(({ name }) => name === 'Sub')?.kind).toBe('directory');
  });

  it('L4 B29 pages without losing or repeating an entry', async () => {
    const share = await target.share();
    const made = Array.from({ length: 23 }, (_, index) => `file-${String(index).padStart(2, '0')}.dat`);
    await Promise.all(made.map((name) => share.rootDirectoryClient.getFileClient(name).create(0)));
    const pages = await all(share.rootDirectoryClient.listFilesAndDirectories().byPage({ maxPageSize: 5 }));
    expect(pages.map((page) => page.segment.fileItems.length)).toEqual([5, 5, 5, 5, 3]);
    const listed = pages.flatMap((page) => page.segment.fileItems.map(({ name }) => name));
    expect(listed.sort()).toEqual(made);
  });

  it('L4 B29 goes on rightly when files appear and vanish between two pages', async () => {
    const share = await target.share();
    const root = share.rootDirectoryClient;
    for (const name of ['a', 'b', 'c', 'd', 'e']) await root.getFileClient(name).create(0);
    const first = await root.listFilesAndDirectories().byPage({ maxPageSize: 2 }).next();
    const continuationToken = first.done === true ? '' : first.value.continuationToken;
    await root.deleteFile('c');
    await root.getFileClient('a2').create(0);
    const rest = await all(root.listFilesAndDirectories().byPage({ maxPageSize: 10, continuationToken }));
    expect(rest.flatMap((page) => page.segment.fileItems.map(({ name }) => name))).toEqual(['d', 'e']);
  });

  it('L4 lists by prefix', async () => {
    const directory = await filled();
    expect(names(await all(directory.listFilesAndDirectories({ prefix: 'b' })))).toEqual(['b.txt']);
    expect(names(await all(directory.listFilesAndDirectories({ prefix: 'none' })))).toEqual([]);
  });

  it('L4 F9 shows times, ETag and attributes when asked, so that a listing tells a whole file', async () => {
    const directory = await filled();
    const lastWriteTime = new Date('2019-08-07T06:05:04.321Z');
    await directory
      .getFileClient('b.txt')
      .setProperties({ fileAttributes: attributes('ReadOnly'), lastWriteTime });
    const { etag } = await directory.getFileClient('b.txt').getProperties();
    const options = {
      includeTimestamps: true,
      includeEtag: true,
      includeAttributes: true,
      includePermissionKey: true,
    };
    const items = await all(directory.listFilesAndDirectories({ ...options, includeExtendedInfo: true }));
    const file = items.find(({ name }) => name === 'b.txt');
    expect(file).toMatchObject({
      attributes: 'ReadOnly',
      properties: { lastWriteTime, etag, creationTime: expect.any(Date), changeTime: expect.any(Date) },
    });
    expect(file?.permissionKey).toMatch(/\S/);
    expect(file?.fileId).toMatch(/^\d+$/);
    const ids = items.map(({ fileId }) => fileId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('L4 leaves out what was not asked for', async () => {
    const directory = await filled();
    const [file] = await all(directory.listFilesAndDirectories({ prefix: 'b' }));
    expect(file?.attributes).toBeUndefined();
    expect(file?.properties?.etag).toBeUndefined();
  });
});
