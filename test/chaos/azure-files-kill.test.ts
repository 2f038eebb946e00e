import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  FileSystemAttributes,
  ShareServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-file-share';
import type { ShareDirectoryClient, ShareFileClient } from '@azure/storage-file-share';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEVELOPMENT_ACCOUNT } from '../../local/azure-files/server.ts';

const KILLS = 20;
const WRITERS = 6;
const MAIN = join(import.meta.dirname, '../../local/azure-files/main.ts');

let dataDir = '';
let running: { child: ChildProcess; service: ShareServiceClient } | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azure-files-kill-'));
});
afterEach(async () => {
  await kill();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<ShareServiceClient> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let endpoint: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    endpoint = /FileEndpoint=([^;]+)/.exec(line)?.[1];
    if (endpoint !== undefined) break;
  }
  if (endpoint === undefined) throw new Error('starting the server: it ended without its ready line');
  const { name, key } = DEVELOPMENT_ACCOUNT;
  const credential = new StorageSharedKeyCredential(name, key);
  const service = new ShareServiceClient(endpoint, credential, { retryOptions: { maxTries: 1 } });
  running = { child, service };
  return service;
}

async function kill(): Promise<void> {
  if (running === undefined) return;
  const { child } = running;
  running = undefined;
  if (child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** What the clients were told is done. */
interface Acknowledged {
  /** File name → offset → hash of the range there. */
  readonly ranges: Map<string, Map<number, string>>;
  /** Files whose whole mark was acknowledged, with their source times. */
  readonly whole: Map<string, number>;
  readonly deleted: Set<string>;
  readonly renamed: Map<string, string>;
  readonly created: Map<string, Buffer>;
}

const RANGE_BYTES = 96 * 1024;
const RANGES_A_FILE = 6;
const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

function contentOf(name: string, offset: number): Buffer {
  return Buffer.alloc(
    RANGE_BYTES,
    createHash('sha256')
      .update(`${name} ${String(offset)}`)
      .digest(),
  );
}

/** One writer: files in ranges with their whole mark, small files in one request, renames and deletes. */
async function write(
  directory: ShareDirectoryClient,
  round: number,
  writer: number,
  done: Acknowledged,
): Promise<void> {
  for (let number = 0; ; number += 1) {
    const name = `r${String(round)}-w${String(writer)}-f${String(number)}.dat`;
    await writeInRanges(directory.getFileClient(name), name, done);
    const small = `small-${name}`;
    const content = contentOf(small, 0).subarray(0, 20_000);
    await directory.getFileClient(small).uploadData(content);
    done.created.set(small, content);
    if (number % 3 === 1) {
      done.created.delete(small);
      done.renamed.set(small, `renamed-${name}`);
      await directory.getFileClient(small).rename(`${directory.path}/renamed-${name}`);
      done.renamed.delete(small);
      done.created.set(`renamed-${name}`, content);
    }
    if (number % 3 === 2) {
      done.created.delete(small);
      await directory.getFileClient(small).delete();
      done.deleted.add(small);
    }
  }
}

async function writeInRanges(file: ShareFileClient, name: string, done: Acknowledged): Promise<void> {
  await file.create(RANGE_BYTES * RANGES_A_FILE, { fileAttributes: FileSystemAttributes.parse('Temporary') });
  const ranges = new Map<number, string>();
  done.ranges.set(name, ranges);
  const offsets = Array.from({ length: RANGES_A_FILE }, (_, index) => index * RANGE_BYTES);
  const uploads = await Promise.allSettled(
    offsets.map(async (offset) => {
      const content = contentOf(name, offset);
      await file.uploadRange(content, offset, content.length, {
        contentMD5: createHash('md5').update(content).digest(),
      });
      ranges.set(offset, hash(content));
    }),
  );
  for (const upload of uploads) if (upload.status === 'rejected') throw upload.reason;
  await file.setMetadata({ sha256: hash(Buffer.from(name)) });
  const lastWriteTime = new Date(1_700_000_000_000 + name.length * 1001);
  await file.setProperties({ lastWriteTime, fileAttributes: FileSystemAttributes.parse('ReadOnly') });
  done.whole.set(name, lastWriteTime.getTime());
}

async function checkEverything(directory: ShareDirectoryClient, done: Acknowledged): Promise<void> {
  const listed = new Map<string, { attributes: string | undefined; lastWriteMs: number | undefined }>();
  const options = { includeAttributes: true, includeTimestamps: true, includeExtendedInfo: true };
  for await (const item of directory.listFilesAndDirectories(options)) {
    const lastWriteMs = item.properties?.lastWriteTime?.getTime();
    listed.set(item.name, { attributes: item.attributes, lastWriteMs });
  }
  for (const [name, ranges] of done.ranges) {
    expect(listed.has(name), `${name} is listed`).toBe(true);
    const content = await directory.getFileClient(name).downloadToBuffer();
    expect(content.length).toBe(RANGE_BYTES * RANGES_A_FILE);
    for (const [offset, wanted] of ranges) {
      expect(hash(content.subarray(offset, offset + RANGE_BYTES)), `${name} at ${String(offset)}`).toBe(
        wanted,
      );
    }
    const wholeAt = done.whole.get(name);
    if (wholeAt === undefined) continue;
    expect(listed.get(name), name).toEqual({ attributes: 'ReadOnly', lastWriteMs: wholeAt });
    const { metadata } = await directory.getFileClient(name).getProperties();
    expect(metadata).toEqual({ sha256: hash(Buffer.from(name)) });
  }
  for (const [name, content] of done.created) {
    expect(hash(await directory.getFileClient(name).downloadToBuffer()), name).toBe(hash(content));
  }
  for (const name of done.deleted) expect(listed.has(name), `${name} stays deleted`).toBe(false);
  // A rename in flight may have happened or not, but never both and never neither.
  for (const [from, to] of done.renamed) {
    expect([listed.has(from), listed.has(to)].filter(Boolean), `${from} or ${to}`).toHaveLength(1);
  }
}

/** Every name shown can be read to its end: nothing is half-described. */
async function checkReadable(directory: ShareDirectoryClient): Promise<void> {
  for await (const item of directory.listFilesAndDirectories()) {
    if (item.kind !== 'file') continue;
    const { readableStreamBody } = await directory.getFileClient(item.name).download();
    let bytes = 0;
    for await (const chunk of readableStreamBody ?? []) bytes += (chunk as Buffer).length;
    expect(bytes, item.name).toBe(item.properties.contentLength);
  }
}

function nothingYet(): Acknowledged {
  return { ranges: new Map(), whole: new Map(), deleted: new Set(), renamed: new Map(), created: new Map() };
}

/** By what the server has said and not by time: a slow machine is killed in the middle of its work, too. */
async function acknowledged(done: Acknowledged, ranges: number): Promise<void> {
  const count = () => [...done.ranges.values()].reduce((sum, file) => sum + file.size, 0);
  while (count() < ranges) await sleep(2);
}

async function killedDirectory(): Promise<ShareDirectoryClient> {
  const service = running?.service ?? (await start());
  return service.getShareClient('killed').getDirectoryClient('d');
}

describe('the Azure Files server, killed at random', () => {
  it(`L4 B18 keeps every acknowledged range, mark, rename and delete through ${String(KILLS)} kills`, async () => {
    const rounds: Acknowledged[] = [];
    await (await start()).getShareClient('killed').create();
    await running?.service.getShareClient('killed').getDirectoryClient('d').create();
    for (let round = 0; round < KILLS; round += 1) {
      const directory = await killedDirectory();
      const last = rounds.at(-1);
      if (last !== undefined) await checkEverything(directory, last);
      const done = nothingYet();
      rounds.push(done);
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        write(directory, round, writer, done).catch((error: unknown) => error),
      );
      await acknowledged(done, 20 + Math.floor(Math.random() * 70));
      await sleep(Math.random() * 20);
      await kill();
      await Promise.all(writers);
    }
    const directory = await killedDirectory();
    for (const done of rounds) await checkEverything(directory, done);
    await checkReadable(directory);
    const finished = rounds.reduce((sum, done) => sum + done.whole.size, 0);
    expect(finished, 'files finished between the kills').toBeGreaterThan(KILLS);
    // Nothing that a crash left half-done stays on the disk.
    const onDisk = await readdir(join(dataDir, DEVELOPMENT_ACCOUNT.name, 'killed', 'files', 'd'));
    expect(onDisk.filter((name) => name.startsWith('.azure-files.new-'))).toEqual([]);
  });
});
