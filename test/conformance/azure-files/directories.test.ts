import { describe, expect, it } from 'vitest';
import { all, refused, useTarget } from './target.ts';

const target = useTarget();

describe('directories', () => {
  it('L4 creates below an existing parent only', async () => {
    const share = await target.share();
    await refused(share.getDirectoryClient('a/b').create(), 404, 'ParentNotFound');
    await share.getDirectoryClient('a').create();
    await share.getDirectoryClient('a/b').create({ metadata: { level: '2' } });
    expect((await share.getDirectoryClient('a/b').getProperties()).metadata).toEqual({ level: '2' });
    await refused(share.getDirectoryClient('a').create(), 409, 'ResourceAlreadyExists');
    expect((await share.getDirectoryClient('a').createIfNotExists()).succeeded).toBe(false);
  });

  it('L4 says what is missing: the resource or its parent', async () => {
    const share = await target.share();
    await refused(share.getDirectoryClient('no').getProperties(), 404, 'ResourceNotFound');
    await refused(share.getDirectoryClient('no/deeper').getProperties(), 404, 'ParentNotFound');
    await refused(share.getDirectoryClient('no').delete(), 404, 'ResourceNotFound');
    expect(await share.getDirectoryClient('no/deeper').exists()).toBe(false);
    expect((await share.getDirectoryClient('no').deleteIfExists()).succeeded).toBe(false);
  });

  it('L4 deletes only empty directories', async () => {
    const share = await target.share();
    const directory = share.getDirectoryClient('full');
    await directory.create();
    await directory.getFileClient('f').create(0);
    await refused(directory.delete(), 409, 'DirectoryNotEmpty');
    await directory.deleteFile('f');
    await directory.delete();
    expect(await directory.exists()).toBe(false);
    await directory.create();
    expect(await all(directory.listFilesAndDirectories())).toEqual([]);
  });

  it('L4 keeps times and metadata of a directory', async () => {
    const share = await target.share();
    const directory = share.getDirectoryClient('d');
    const lastWriteTime = new Date('2020-02-29T12:34:56.789Z');
    await directory.create({ lastWriteTime, creationTime: lastWriteTime });
    expect(await directory.getProperties()).toMatchObject({
      fileLastWriteOn: lastWriteTime,
      fileCreatedOn: lastWriteTime,
      fileAttributes: 'Directory',
    });
    const later = new Date('2021-01-01T00:00:00.001Z');
    await directory.setProperties({ lastWriteTime: later });
    await directory.setMetadata({ a: '1' });
    expect(await directory.getProperties()).toMatchObject({
      fileLastWriteOn: later,
      fileCreatedOn: lastWriteTime,
      metadata: { a: '1' },
    });
  });

  it('L4 knows the root directory of a share', async () => {
    const share = await target.share();
    expect((await share.rootDirectoryClient.getProperties()).fileAttributes).toContain('Directory');
    expect(await all(share.rootDirectoryClient.listFilesAndDirectories())).toEqual([]);
  });

  it('L4 keeps files and directories apart', async () => {
    const share = await target.share();
    await share.getDirectoryClient('d').create();
    await share.rootDirectoryClient.getFileClient('f').create(0);
    await refused(share.rootDirectoryClient.getFileClient('d').create(0), 409, 'ResourceTypeMismatch');
    await refused(
      share.getDirectoryClient('f').create(),
      409,
      'ResourceTypeMismatch',
      'ResourceAlreadyExists',
    );
    await refused(share.getDirectoryClient('f/below').create(), 404, 'ParentNotFound');
  });

  it('L4 renames a directory with everything in it', async () => {
    const share = await target.share();
    await share.getDirectoryClient('old').create({ metadata: { kept: 'yes' } });
    await share.getDirectoryClient('old/inner').create();
    await share.getDirectoryClient('old/inner').getFileClient('f.txt').uploadData(Buffer.from('content'));
    await share.getDirectoryClient('to').create();
    await share.getDirectoryClient('old').rename('to/new');
    expect(await share.getDirectoryClient('old').exists()).toBe(false);
    const moved = share.getDirectoryClient('to/new');
    expect((await moved.getProperties()).metadata).toEqual({ kept: 'yes' });
    const content = await moved.getDirectoryClient('inner').getFileClient('f.txt').downloadToBuffer();
    expect(content.toString()).toBe('content');
    await refused(
      share.getDirectoryClient('to').rename('to/new/inside-itself'),
      400,
      'InvalidInput',
      'InvalidHeaderValue',
    );
  });
});
