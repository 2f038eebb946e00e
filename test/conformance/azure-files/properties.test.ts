import type { ShareFileClient } from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { attributes, pattern, refused, useTarget } from './target.ts';

const target = useTarget();

async function fileWith(content: Buffer): Promise<ShareFileClient> {
  const file = (await target.share()).rootDirectoryClient.getFileClient('Measure.csv');
  await file.uploadData(content);
  return file;
}

describe('file properties', () => {
  it('L4 F5 sets the whole mark in one call: source time, Temporary off, ReadOnly on', async () => {
    const file = await fileWith(pattern(10));
    await file.setProperties({ fileAttributes: attributes('Temporary') });
    expect((await file.getProperties()).fileAttributes).toBe('Temporary');
    const lastWriteTime = new Date('2026-01-31T23:59:59.999Z');
    await file.setProperties({ fileAttributes: attributes('ReadOnly'), lastWriteTime });
    expect(await file.getProperties()).toMatchObject({
      fileAttributes: 'ReadOnly',
      fileLastWriteOn: lastWriteTime,
    });
  });

  it('L4 F5 a read-only file refuses every write to its content', async () => {
    const file = await fileWith(pattern(10));
    await file.setProperties({ fileAttributes: attributes('ReadOnly') });
    await refused(file.uploadRange('x', 0, 1), 409, 'ReadOnlyAttribute');
    await refused(file.clearRange(0, 1), 409, 'ReadOnlyAttribute');
    await refused(file.create(5), 409, 'ReadOnlyAttribute');
    await refused(file.delete(), 409, 'ReadOnlyAttribute', 'CannotDeleteFileOrDirectory');
    expect(await file.downloadToBuffer()).toEqual(pattern(10));
    await file.setProperties({ fileAttributes: attributes('None') });
    await file.uploadRange('x', 0, 1);
    await file.delete();
  });

  it('L4 what a call does not name stays, but content headers are replaced as a whole', async () => {
    const file = await fileWith(pattern(10));
    const lastWriteTime = new Date('2001-02-03T04:05:06.007Z');
    await file.setProperties({
      lastWriteTime,
      fileAttributes: attributes('Archive|Hidden'),
      fileHttpHeaders: { fileContentType: 'text/plain', fileContentLanguage: 'en' },
    });
    await file.setProperties({ fileHttpHeaders: { fileContentType: 'text/csv' } });
    const properties = await file.getProperties();
    expect(properties).toMatchObject({ fileLastWriteOn: lastWriteTime, contentType: 'text/csv' });
    expect(
      properties.fileAttributes
        ?.split('|')
        .map((part) => part.trim())
        .sort(),
    ).toEqual(['Archive', 'Hidden']);
    expect(properties.contentLanguage).toBeUndefined();
  });

  it('L4 takes now and preserve as times, and refuses what is no time', async () => {
    const file = await fileWith(pattern(10));
    const lastWriteTime = new Date('2001-02-03T04:05:06.007Z');
    await file.setProperties({ lastWriteTime });
    await file.setProperties({ lastWriteTime: 'preserve' });
    expect((await file.getProperties()).fileLastWriteOn).toEqual(lastWriteTime);
    const before = Date.now() - 60_000;
    await file.setProperties({ lastWriteTime: 'now' });
    expect((await file.getProperties()).fileLastWriteOn?.getTime()).toBeGreaterThan(before);
    const nonsense = file.setProperties({ lastWriteTime: 'yesterday' as 'now' });
    await refused(nonsense, 400, 'InvalidHeaderValue');
  });

  it('L4 refuses attributes it does not know', async () => {
    const file = await fileWith(pattern(10));
    const sticky = Object.assign(attributes('None'), { toString: () => 'Sticky' });
    await refused(file.setProperties({ fileAttributes: sticky }), 400, 'InvalidHeaderValue');
  });

  it('L4 resizes: what is cut off never comes back', async () => {
    const file = await fileWith(pattern(5000));
    await file.resize(1000);
    await file.resize(5000);
    const content = await file.downloadToBuffer();
    expect(content.subarray(0, 1000)).toEqual(pattern(5000).subarray(0, 1000));
    expect(content.subarray(1000)).toEqual(Buffer.alloc(4000));
  });

  it('L4 replaces metadata as a whole, and takes names in any case', async () => {
    const file = await fileWith(pattern(10));
    await file.setMetadata({ Sha256: 'aa', SourceMtime: '123' });
    expect((await file.getProperties()).metadata).toEqual({ sha256: 'aa', sourcemtime: '123' });
    await file.setMetadata({ only: '1' });
    expect((await file.getProperties()).metadata).toEqual({ only: '1' });
    await file.setMetadata();
    expect((await file.getProperties()).metadata).toEqual({});
  });

  it('L4 every change has a new ETag', async () => {
    const file = await fileWith(pattern(10));
    const seen = new Set<string | undefined>();
    const look = async () => seen.add((await file.getProperties()).etag);
    await look();
    await file.uploadRange('x', 0, 1);
    await look();
    await file.setMetadata({ a: '1' });
    await look();
    await file.setProperties({ fileAttributes: attributes('None') });
    await look();
    await file.clearRange(0, 1);
    await look();
    expect(seen.size).toBe(5);
  });

  it('L4 keeps a security descriptor for a share and gives it a key', async () => {
    const file = await fileWith(pattern(1));
    const share = target.service.getShareClient(file.shareName);
    const descriptor =
      'O:S-1-5-21-2127521184-1604012920-1887927527-21560751G:S-1-5-21-2127521184-1604012920-1887927527-513D:AI(A;;FA;;;SY)(A;;FA;;;BA)';
    const { filePermissionKey } = await share.createPermission(descriptor);
    expect(filePermissionKey).toMatch(/\S/);
    const { permission } = await share.getPermission(filePermissionKey ?? '');
    expect(permission).toContain('(A;;FA;;;BA)');
    await file.setProperties({ ...(filePermissionKey === undefined ? {} : { filePermissionKey }) });
    expect((await file.getProperties()).filePermissionKey).toBe(filePermissionKey);
  });
});
