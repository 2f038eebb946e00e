import { describe, expect, it } from 'vitest';
import { all, refused, useTarget } from './target.ts';

const target = useTarget();
const BAD_NAME = [
  'InvalidResourceName',
  'InvalidFileOrDirectoryPathName',
  'InvalidUri',
  'InvalidInput',
] as const;

const GOOD_NAMES = [
  'plain.txt',
  'two words.txt',
  ' leading blank',
  'per%20cent',
  '100%',
  'a+b&c=d',
  'hash#mark',
  "quote'and`tick",
  'semi;colon,comma',
  'brackets[1](2){3}',
  'tilde~$@!^',
  '.hidden',
  'dots..inside.txt',
  'Ünïcödé-é-日本語-🜁.dat',
  'e\u0301-decomposed',
  'PROGRA~1',
  'CON.txt',
  'console',
  'R%26D',
  'a'.repeat(255),
  'ü'.repeat(255),
];

const BAD_NAMES = [
  'q"uote',
  'co:lon',
  'pi|pe',
  'les<s',
  'mor>e',
  'sta*r',
  'quest?ion',
  'control\u0001',
  'tab\tbed',
  'line\nfeed',
];
const RESERVED_NAMES = ['CON', 'prn', 'AUX', 'nul', 'COM1', 'lpt9', 'CLOCK$'];

describe('names', () => {
  it('B24 B26 B27 keeps every name it takes exactly as it was given', async () => {
    const share = await target.share();
    const root = share.rootDirectoryClient;
    for (const name of GOOD_NAMES) {
      await root.getFileClient(name).uploadData(Buffer.from(name));
      expect((await root.getFileClient(name).downloadToBuffer()).toString(), name).toBe(name);
    }
    const listed = await all(root.listFilesAndDirectories());
    expect(listed.map(({ name }) => name).sort()).toEqual([...GOOD_NAMES].sort());
    for (const name of GOOD_NAMES) await root.getFileClient(name).delete();
    expect(await all(root.listFilesAndDirectories())).toEqual([]);
  });

  it('B24 takes the same names for directories, with files in them', async () => {
    const share = await target.share();
    for (const name of GOOD_NAMES.slice(0, 19)) {
      const directory = share.getDirectoryClient(name);
      await directory.create();
      await directory.getFileClient('inside').uploadData(Buffer.from(name));
      const listed = await all(directory.listFilesAndDirectories());
      expect(
        listed.map((item) => item.name),
        name,
      ).toEqual(['inside']);
    }
  });

  it.each(BAD_NAMES)('B24 refuses the character in %j', async (name) => {
    const root = (await target.share()).rootDirectoryClient;
    await refused(root.getFileClient(name).create(0), 400, ...BAD_NAME);
    await refused(root.getDirectoryClient(name).create(), 400, ...BAD_NAME);
    expect(await all(root.listFilesAndDirectories())).toEqual([]);
  });

  it.each(RESERVED_NAMES)('B24 refuses the reserved name %j', async (name) => {
    const root = (await target.share()).rootDirectoryClient;
    await refused(root.getFileClient(name).create(0), 400, ...BAD_NAME);
  });

  it('B27 takes a component of 255 characters and refuses one of 256', async () => {
    const root = (await target.share()).rootDirectoryClient;
    await root.getFileClient('n'.repeat(255)).create(0);
    await refused(root.getFileClient('n'.repeat(256)).create(0), 400, ...BAD_NAME);
    await root.getDirectoryClient('d'.repeat(255)).create();
    await refused(root.getDirectoryClient('d'.repeat(256)).create(), 400, ...BAD_NAME);
  });

  it('B27 takes a path of 2,048 characters and refuses a longer one', async () => {
    const share = await target.share();
    const parts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) => letter.repeat(249));
    for (let depth = 1; depth <= parts.length; depth += 1) {
      await share.getDirectoryClient(parts.slice(0, depth).join('/')).create();
    }
    const folder = parts.join('/');
    const room = 2048 - folder.length - 1;
    expect(room).toBe(48);
    const directory = share.getDirectoryClient(folder);
    await directory.getFileClient('x'.repeat(room)).uploadData(Buffer.from('deep'));
    expect((await directory.getFileClient('x'.repeat(room)).downloadToBuffer()).toString()).toBe('deep');
    await refused(directory.getFileClient('x'.repeat(room + 1)).create(0), 400, ...BAD_NAME);
  });

  it('B25 trims a trailing dot, unless the client says that it is meant', async () => {
    const share = await target.share();
    await share.rootDirectoryClient.getFileClient('ends.').uploadData(Buffer.from('trimmed'));
    const listed = await all(share.rootDirectoryClient.listFilesAndDirectories());
    expect(listed.map(({ name }) => name)).toEqual(['ends']);
    const { ShareServiceClient } = await import('@azure/storage-file-share');
    const exact = new ShareServiceClient(target.service.url, target.credential, { allowTrailingDot: true });
    const root = exact.getShareClient(share.name).rootDirectoryClient;
    await root.getFileClient('ends.').uploadData(Buffer.from('with dot'));
    expect((await all(root.listFilesAndDirectories())).map(({ name }) => name).sort()).toEqual([
      'ends',
      'ends.',
    ]);
    expect((await root.getFileClient('ends').downloadToBuffer()).toString()).toBe('trimmed');
    expect((await root.getFileClient('ends.').downloadToBuffer()).toString()).toBe('with dot');
  });

  it('B26 compares names without case and shows them as they were created', async () => {
    const share = await target.share();
    await share.getDirectoryClient('Folder').create();
    await refused(share.getDirectoryClient('FOLDER').create(), 409, 'ResourceAlreadyExists');
    await share.getDirectoryClient('fOLDER').getFileClient('Name.TXT').uploadData(Buffer.from('one'));
    const other = share.getDirectoryClient('FOLDER').getFileClient('nAME.txt');
    expect((await other.downloadToBuffer()).toString()).toBe('one');
    await other.uploadRange('two', 0, 3);
    const items = await all(share.getDirectoryClient('folder').listFilesAndDirectories());
    expect(items.map(({ name }) => name)).toEqual(['Name.TXT']);
    await other.delete();
    expect(await all(share.getDirectoryClient('Folder').listFilesAndDirectories())).toEqual([]);
  });

  it('B26 keeps composed and decomposed letters apart', async () => {
    const root = (await target.share()).rootDirectoryClient;
    await root.getFileClient('caf\u00e9').uploadData(Buffer.from('composed'));
    await root.getFileClient('cafe\u0301').uploadData(Buffer.from('decomposed'));
    expect((await root.getFileClient('caf\u00e9').downloadToBuffer()).toString()).toBe('composed');
    expect((await root.getFileClient('cafe\u0301').downloadToBuffer()).toString()).toBe('decomposed');
    expect(await all(root.listFilesAndDirectories())).toHaveLength(2);
  });
});
