import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../shared/client/index.ts';
import type { compareRun } from '../../shared/contract/agents.ts';
import { type ManifestFile } from '../../shared/contract/agents.ts';
import { chunked } from './chunked.ts';
import { compareWithServer } from './compare.ts';

const run = { runId: 'run-1', correlationId: '00000000-0000-4000-8000-000000000000' };
const digest = 'd'.repeat(64);

/**
 * A server that knows no digest and needs every file; keeps what it was asked, checked against the contract. It says
 * `inFull` what it needs of a folder, or, to agents who know that, the folder's name only.
 */
function server(inFull: (folder: string) => boolean = () => true) {
  const asked: { folder: string; digest: string | null; files?: ManifestFile[] | undefined }[][] = [];
  const client = {
    call: async (endpoint: typeof compareRun, { body }: { body: unknown }) => {
      const { folders } = endpoint.body.parse(body);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(8 * 1024 * 1024);
      expect(folders.reduce((sum, { files }) => sum + (files?.length ?? 0), 0)).toBeLessThanOrEqual(20_000);
      asked.push(folders);
      return {
        changedFolders: folders.filter(({ files }) => files === undefined).map(({ folder }) => folder),
        needed: folders
          .filter(({ folder }) => inFull(folder))
          .flatMap(({ files }) => files?.map(({ path }) => path) ?? []),
        neededFolders: folders.map(({ folder }) => folder).filter((folder) => !inFull(folder)),
      };
    },
  };
  return { asked, client: client as unknown as Client };
}

function filesOf(folder: string, count: number): ManifestFile[] {
  return Array.from({ length: count }, (_, number) => ({
    path: `${folder}/${String(number)}.geo`,
    sizeBytes: 1,
    mtimeMs: 1,
  }));
}

describe('compareWithServer', () => {
  it.each([
    ['named one by one', () => true],
    ['named by their folders', () => false],
    ['named either way', (folder: string) => folder === 'a' || folder === 'b'],
  ])('P2 B29 keeps every request within its bounds and leaves no file out: %s', async (_, inFull) => {
    const counts = new Map([
      ['a', 3],
      ['big', 45_000],
      ['b', 19_999],
      ['c', 2],
      ['empty', 0],
    ]);
    const { asked, client } = server(inFull);
    const folders = [...counts.keys()].map((folder) => ({ folder, digest }));
    const comparison = await compareWithServer(client, run, folders, (folder) => ({
      digest,
      files: filesOf(folder, counts.get(folder) ?? 0),
    }));
    expect(comparison.needed.size).toBe(3 + 45_000 + 19_999 + 2);
    const listed = asked.flat().filter(({ files }) => files !== undefined);
    expect(listed.filter(({ folder }) => folder === 'big').map((part) => part.digest)).toEqual([
      null,
      null,
      null,
    ]);
    expect(listed.filter(({ folder }) => folder !== 'big').every((part) => part.digest === digest)).toBe(
      true,
    );
    for (const request of asked)
      expect(new Set(request.map(({ folder }) => folder)).size).toBe(request.length);
  });

  it('P2 asks 12,000 folders in three requests of digests', async () => {
    const { asked, client } = server();
    const folders = Array.from({ length: 12_000 }, (_, number) => ({ folder: `f${String(number)}`, digest }));
    await compareWithServer(client, run, folders, () => undefined);
    expect(asked.map((request) => request.length)).toEqual([5000, 5000, 2000]);
  });
});

describe('chunked', () => {
  it('B29 loses nothing, keeps the order, and stays within both limits where an item does', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 1, max: 9 }), (items, count) => {
        const pieces = [...chunked(items, { count, bytes: 40 })];
        expect(pieces.flat()).toEqual(items);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(count);
          expect(piece.length === 1 || Buffer.byteLength(JSON.stringify(piece)) <= 42).toBe(true);
        }
      }),
    );
  });
});
