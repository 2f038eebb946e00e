import { describe, expect, it } from 'vitest';
import { all, attributes, pattern, refused, useTarget } from './target.ts';

const target = useTarget();

describe('rename and copy', () => {
  it('L4 renames a file into another directory with all it carries', async () => {
    const share = await target.share();
    await share.getDirectoryClient('to').create();
    const file = share.rootDirectoryClient.getFileClient('from.dat');
    await file.uploadData(pattern(100));
    await file.setMetadata({ sha256: 'aa' });
    const lastWriteTime = new Date('2011-11-11T11:11:11.111Z');
    await file.setProperties({ lastWriteTime, fileAttributes: attributes('ReadOnly') });
    await file.rename('to/New Name.dat');
    expect(await file.exists()).toBe(false);
    const moved = share.getDirectoryClient('to').getFileClient('New Name.dat');
    expect(await moved.downloadToBuffer()).toEqual(pattern(100));
    expect(await moved.getProperties()).toMatchObject({
      metadata: { sha256: 'aa' },
      fileLastWriteOn: lastWriteTime,
      fileAttributes: 'ReadOnly',
    });
  });

  it('L4 changes nothing but the case of a name', async () => {
    const share = await target.share();
    const file = share.rootDirectoryClient.getFileClient('case.txt');
    await file.uploadData(Buffer.from('same'));
    await file.rename('CASE.txt');
    const items = await all(share.rootDirectoryClient.listFilesAndDirectories());
    expect(items.map(({ name }) => name)).toEqual(['CASE.txt']);
    expect((await file.downloadToBuffer()).toString()).toBe('same');
  });

  it('L4 replaces a file only when told so', async () => {
    const share = await target.share();
    const root = share.rootDirectoryClient;
    await root.getFileClient('a').uploadData(Buffer.from('new'));
    await root.getFileClient('b').uploadData(Buffer.from('old'));
    await refused(root.getFileClient('a').rename('b'), 409, 'ResourceAlreadyExists');
    await root.getFileClient('a').rename('b', { replaceIfExists: true });
    expect((await root.getFileClient('b').downloadToBuffer()).toString()).toBe('new');
    await root.getFileClient('c').uploadData(Buffer.from('kept'));
    await root.getFileClient('c').setProperties({ fileAttributes: attributes('ReadOnly') });
    await refused(root.getFileClient('b').rename('c', { replaceIfExists: true }), 409, 'ReadOnlyAttribute');
    await root.getFileClient('b').rename('c', { replaceIfExists: true, ignoreReadOnly: true });
    expect((await root.getFileClient('c').downloadToBuffer()).toString()).toBe('new');
  });

  it('L4 refuses to rename what is not there, or into a directory that is not there', async () => {
    const share = await target.share();
    const root = share.rootDirectoryClient;
    await refused(root.getFileClient('no').rename('other'), 404, 'ResourceNotFound');
    await root.getFileClient('yes').create(0);
    await refused(root.getFileClient('yes').rename('no/other'), 404, 'ParentNotFound');
    expect(await root.getFileClient('yes').exists()).toBe(true);
  });

  it('L4 copies a file, also out of a snapshot', async () => {
    const share = await target.share();
    const root = share.rootDirectoryClient;
    const source = root.getFileClient('source');
    await source.uploadData(pattern(5000));
    await source.setMetadata({ a: '1' });
    const copy = root.getFileClient('copy');
    const answer = await copy.startCopyFromURL(source.url);
    expect(answer.copyId).toMatch(/\S/);
    await expect.poll(async () => (await copy.getProperties()).copyStatus).toBe('success');
    expect(await copy.downloadToBuffer()).toEqual(pattern(5000));
    expect((await copy.getProperties()).metadata).toEqual({ a: '1' });

    const { snapshot } = await share.createSnapshot();
    await source.uploadData(Buffer.from('changed'));
    const restored = root.getFileClient('restored');
    await restored.startCopyFromURL(source.withShareSnapshot(snapshot ?? '').url);
    await expect.poll(async () => (await restored.getProperties()).copyStatus).toBe('success');
    expect(await restored.downloadToBuffer()).toEqual(pattern(5000));
    await refused(
      root.getFileClient('x').startCopyFromURL(root.getFileClient('none').url),
      404,
      'ResourceNotFound',
    );
  });
});
