import { describe, expect, it } from 'vitest';
import { FilesError } from '../errors.ts';
import { checkShareName, diskNameFor, parsePath } from './names.ts';

const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof FilesError ? error.code : error;
  }
  return 'taken';
};

describe('names', () => {
  it.each([
    'a\\b',
    'a:b',
    '..',
    'a/../b',
    'a//b',
    '.',
    'a\u0000',
    'a\u007f',
    'a\u0085',
    'a\ud800',
    'COM9',
    'a/nul/b',
  ])('B24 refuses %j', (path) => {
    expect(codeOf(() => parsePath(path, true))).toBe('InvalidResourceName');
  });

  it('B25 trims trailing dots of every component, and refuses what is nothing but dots', () => {
    expect(parsePath('a./b...', false)).toEqual(['a', 'b']);
    expect(parsePath('a./b...', true)).toEqual(['a.', 'b...']);
    expect(codeOf(() => parsePath('...', false))).toBe('InvalidResourceName');
    expect(codeOf(() => parsePath('CON.', false))).toBe('InvalidResourceName');
  });

  it('B27 counts UTF-16 units: 255 a component, 2,048 a path, 250 deep', () => {
    expect(parsePath('🜁'.repeat(127), false)).toHaveLength(1);
    expect(codeOf(() => parsePath('🜁'.repeat(128), false))).toBe('InvalidFileOrDirectoryPathName');
    expect(parsePath(Array.from({ length: 250 }, () => 'd').join('/'), false)).toHaveLength(250);
    const tooDeep = Array.from({ length: 251 }, () => 'd').join('/');
    expect(codeOf(() => parsePath(tooDeep, false))).toBe('InvalidFileOrDirectoryPathName');
    expect(codeOf(() => parsePath(`${'a/'.repeat(100)}${'b'.repeat(1849)}`, false))).toBe(
      'InvalidFileOrDirectoryPathName',
    );
  });

  it('B26 gives every name a disk name of its own, plain ones their own', () => {
    const awkward = [
      'caf\u00e9',
      'cafe\u0301',
      'a.',
      'a',
      'a ',
      'ü'.repeat(255),
      '.azure-files.journal',
      '.azure-files',
    ];
    const diskNames = awkward.map(diskNameFor);
    expect(new Set(diskNames.map((name) => name.normalize('NFC').toUpperCase())).size).toBe(awkward.length);
    expect(diskNameFor('plain name.csv')).toBe('plain name.csv');
    expect(diskNames.every((name) => Buffer.byteLength(name) <= 255)).toBe(true);
    expect(diskNameFor('.azure-files.journal')).not.toBe('.azure-files.journal');
  });

  it('B24 share names have no room for a way out', () => {
    for (const name of ['..', 'a/b', '.azure-files.deleted', 'ab', 'a--b']) {
      expect(codeOf(() => checkShareName(name))).toBe('InvalidResourceName');
    }
    expect(checkShareName('a-b-c')).toBe('a-b-c');
  });
});
