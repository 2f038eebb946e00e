import { createHash } from 'node:crypto';
import type { ShareClient } from '@azure/storage-file-share';
import { describe, expect, it } from 'vitest';
import { failureOf, startTestServer } from './testServer.ts';

const RIVALS = 12;
const TURNS = 60;
const NAMES = ['a', 'A', 'b', 'c'];

/** What one client does in one turn, on names that all others use as well. */
async function turn(share: ShareClient, rival: number, number: number): Promise<string> {
  const directory = share.getDirectoryClient('d');
  const name = NAMES[(rival * 7 + number * 3) % NAMES.length] ?? 'a';
  const file = directory.getFileClient(name);
  const calls = [
    () => file.create(3000),
    () => file.uploadRange(Buffer.alloc(1000, rival), (number % 3) * 1000, 1000),
    () => file.uploadData(Buffer.alloc(2000, rival)),
    () => file.rename(`d/${NAMES[number % NAMES.length] ?? 'b'}`, { replaceIfExists: true }),
    () => file.delete(),
    () => file.resize(number * 10),
    () => file.setMetadata({ rival: String(rival) }),
    async () => (await file.download()).readableStreamBody?.resume(),
    () => directory.listFilesAndDirectories().next(),
    () => share.createSnapshot(),
    () => share.getDirectoryClient('e').create(),
    () => share.getDirectoryClient('e').rename('d/e'),
    () => share.getDirectoryClient('d/e').delete(),
    () => directory.getFileClient(`copy-${name}`).startCopyFromURL(file.url),
  ];
  const call = calls[(rival * 5 + number * 11) % calls.length];
  return call === undefined ? 'no error' : (await failureOf(call())).code;
}

async function pictureOf(share: ShareClient): Promise<Record<string, string>> {
  const picture: Record<string, string> = {};
  for await (const item of share.getDirectoryClient('d').listFilesAndDirectories()) {
    if (item.kind === 'directory') continue;
    const file = share.getDirectoryClient('d').getFileClient(item.name);
    const { readableStreamBody, metadata, etag } = await file.download();
    const hash = createHash('sha256');
    for await (const chunk of readableStreamBody ?? []) hash.update(chunk as Buffer);
    picture[item.name] = JSON.stringify({ hash: hash.digest('hex'), metadata, etag });
  }
  return picture;
}

describe('rivals', () => {
  it('L4 at the same files and folders get answers that Azure knows, and a state that a restart keeps', async () => {
    const inside: unknown[] = [];
    const log = ({ error }: { error?: unknown }) => {
      if (error !== undefined) inside.push(error);
    };
    await using first = await startTestServer({ log });
    const share = first.service.getShareClient('rivals');
    await share.create();
    await share.getDirectoryClient('d').create();
    const codes = await Promise.all(
      Array.from({ length: RIVALS }, async (_, rival) => {
        const seen: string[] = [];
        for (let number = 0; number < TURNS; number += 1) seen.push(await turn(share, rival, number));
        return seen;
      }),
    );
    expect(inside).toEqual([]);
    expect(codes.flat()).not.toContain('InternalError');
    expect(codes.flat().filter((code) => code === 'no error').length).toBeGreaterThan(RIVALS * TURNS * 0.3);
    const before = await pictureOf(share);
    const second = await first.restart();
    expect(await pictureOf(second.service.getShareClient('rivals'))).toEqual(before);
    await second.server.close();
  });
});
