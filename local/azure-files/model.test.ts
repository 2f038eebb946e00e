import { randomUUID } from 'node:crypto';
import type { ShareClient, ShareFileClient } from '@azure/storage-file-share';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName } from './store/names.ts';
import { failureOf, startTestServer } from './testServer.ts';
import type { TestServer } from './testServer.ts';

const MAX_BYTES = 4000;
/** Mostly the files that every share begins with, so that most steps find something. */
const FIRST_FILES = ['a', 'd/a'];
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'A', 'd/a') },
  { weight: 1, arbitrary: fc.constantFrom('b', 'D/c', 'd/e/a') },
);
const size = fc.nat(MAX_BYTES);
/** A range as parts of the file's size; some go beyond its end. */
const part = fc.oneof(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.constantFrom(0, 0.25, 1.01));

const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), name, size }),
  fc.record({
    kind: fc.constant('put' as const),
    name,
    from: part,
    length: part,
    byte: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constant('clear' as const), name, from: part, length: part }),
  fc.record({ kind: fc.constant('resize' as const), name, size }),
  fc.record({ kind: fc.constant('rename' as const), name, to: name }),
  fc.record({ kind: fc.constant('copy' as const), name, to: name }),
  fc.record({ kind: fc.constant('delete' as const), name }),
  fc.record({ kind: fc.constant('snapshot' as const) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Span {
  readonly offset: number;
  readonly length: number;
}

function spanOf(todo: { readonly from: number; readonly length: number }, sizeBytes: number): Span {
  return {
    offset: Math.floor(todo.from * sizeBytes),
    length: Math.max(1, Math.floor(todo.length * sizeBytes)),
  };
}

/** What the share should hold: content by folded path. */
type Model = Map<string, Buffer>;

function fileAt(share: ShareClient, path: string): ShareFileClient {
  const slash = path.lastIndexOf('/');
  return share.getDirectoryClient(path.slice(0, Math.max(0, slash))).getFileClient(path.slice(slash + 1));
}

/** Does a step on both; a step on a file that is not there must be refused. */
async function take(share: ShareClient, model: Model, todo: Exclude<Step, { kind: 'snapshot' | 'restart' }>) {
  const file = fileAt(share, todo.name);
  const key = foldName(todo.name);
  const content = model.get(key);
  if (todo.kind === 'create') {
    await file.create(todo.size);
    model.set(key, Buffer.alloc(todo.size));
    return;
  }
  const sizeBytes = content?.length ?? 0;
  const refusal = content === undefined ? 'ResourceNotFound' : refusalOf(todo, sizeBytes);
  expect((await failureOf(onFile(share, file, todo, sizeBytes))).code).toBe(refusal ?? 'no error');
  if (content === undefined || refusal !== undefined) return;
  change(model, key, content, todo);
}

type FileStep = Exclude<Step, { kind: 'snapshot' | 'restart' | 'create' }>;

function refusalOf(todo: FileStep, sizeBytes: number): string | undefined {
  if (todo.kind !== 'put' && todo.kind !== 'clear') return undefined;
  const span = spanOf(todo, sizeBytes);
  return span.offset + span.length > sizeBytes ? 'InvalidRange' : undefined;
}

async function onFile(
  share: ShareClient,
  file: ShareFileClient,
  todo: FileStep,
  sizeBytes: number,
): Promise<unknown> {
  switch (todo.kind) {
    case 'put': {
      const { offset, length } = spanOf(todo, sizeBytes);
      return file.uploadRange(Buffer.alloc(length, todo.byte), offset, length);
    }
    case 'clear': {
      const { offset, length } = spanOf(todo, sizeBytes);
      return file.clearRange(offset, length);
    }
    case 'resize':
      return file.resize(todo.size);
    case 'rename':
      return file.rename(todo.to, { replaceIfExists: true });
    case 'copy':
      return fileAt(share, todo.to).startCopyFromURL(file.url);
    case 'delete':
      return file.delete();
  }
}

function change(model: Model, key: string, content: Buffer, todo: FileStep): void {
  const changed = Buffer.from(content);
  switch (todo.kind) {
    case 'put':
    case 'clear': {
      const { offset, length } = spanOf(todo, content.length);
      model.set(key, changed.fill(todo.kind === 'put' ? todo.byte : 0, offset, offset + length));
      break;
    }
    case 'resize':
      model.set(
        key,
        Buffer.concat([
          changed.subarray(0, todo.size),
          Buffer.alloc(Math.max(0, todo.size - changed.length)),
        ]),
      );
      break;
    case 'rename':
      model.delete(key);
      model.set(foldName(todo.to), changed);
      break;
    case 'copy':
      model.set(foldName(todo.to), changed);
      break;
    case 'delete':
      model.delete(key);
      break;
  }
}

async function compare(share: ShareClient, model: Model): Promise<void> {
  const found: Model = new Map();
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const item of share.getDirectoryClient(folder).listFilesAndDirectories()) {
      const path = folder === '' ? item.name : `${folder}/${item.name}`;
      if (item.kind === 'directory') folders.push(path);
      else
        found.set(
          foldName(path),
          item.properties.contentLength === 0 ? Buffer.alloc(0) : await read(share, path),
        );
    }
  }
  expect([...found.keys()].sort()).toEqual([...model.keys()].sort());
  for (const [path, content] of model) expect(found.get(path)?.equals(content), path).toBe(true);
}

/** The content; and every byte outside the listed ranges must be zero. */
async function read(share: ShareClient, path: string): Promise<Buffer> {
  const content = await fileAt(share, path).downloadToBuffer();
  const outside = Buffer.from(content);
  const { rangeList } = await fileAt(share, path).getRangeList();
  for (const { start, end } of rangeList) outside.fill(0, start, end + 1);
  expect(outside.equals(Buffer.alloc(content.length)), `${path} outside its ranges`).toBe(true);
  return content;
}

async function play(at: { server: TestServer }, steps: readonly Step[]): Promise<void> {
  const shareName = `m-${randomUUID()}`;
  const share = () => at.server.service.getShareClient(shareName);
  await share().create();
  await share().getDirectoryClient('d').create();
  await share().getDirectoryClient('d/e').create();
  const model: Model = new Map();
  for (const path of FIRST_FILES) {
    const content = Buffer.alloc(MAX_BYTES, path);
    await fileAt(share(), path).uploadData(content);
    model.set(foldName(path), content);
  }
  const snapshots: { time: string; model: Model }[] = [];
  for (const todo of steps) {
    if (todo.kind === 'restart') at.server = await at.server.restart();
    else if (todo.kind === 'snapshot') {
      const { snapshot } = await share().createSnapshot();
      snapshots.push({ time: snapshot ?? '', model: new Map(model) });
    } else await take(share(), model, todo);
  }
  await compare(share(), model);
  for (const { time, model: then } of snapshots) await compare(share().withSnapshot(time), then);
  const used = [...model.values()].reduce((sum, content) => sum + content.length, 0);
  expect((await share().getStatistics()).shareUsageBytes).toBeLessThanOrEqual(used);
}

describe('any sequence of operations', () => {
  it('L4 B18 leaves files, ranges and snapshots as a model in memory says, through restarts', async () => {
    await using first = await startTestServer();
    // A failed run leaves the server where it was: the runs that shrink it go on from there.
    const at: { server: TestServer } = { server: first };
    const steps = fc.array(step, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, (taken) => play(at, taken)),
      { numRuns: 60 },
    );
    await at.server.server.close();
  }, 120_000);
});
