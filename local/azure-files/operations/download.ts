import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { FilesError, invalidHeader } from '../errors.ts';
import { MAX_RANGE_BYTES, md5Of } from '../http/body.ts';
import { rangeOf } from '../http/headers.ts';
import type { Answer } from '../http/respond.ts';
import { isTrue } from '../http/request.ts';
import type { FileEntry } from '../store/entry.ts';
import { pathOf, shareOf, treeOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkFileLease } from './fileLease.ts';
import { describeFile } from './fileProperties.ts';
import { parentIdOf } from './smbProperties.ts';

const STREAM_CHUNK_BYTES = 512 * 1024;
/** Up to here a file is read at once: cheaper than a stream. */
const AT_ONCE_BYTES = 256 * 1024;

/** Get File: all of it, or a range; also of a snapshot. */
export async function getFile(context: OperationContext): Promise<Answer> {
  const { request } = context;
  const path = pathOf(context);
  const range = rangeOf(request);
  const wantsMd5 = isTrue(request, 'x-ms-range-get-content-md5');
  if (wantsMd5 && range === undefined) throw new FilesError('InvalidHeaderValue');
  const opened = await shareOf(context).onFile(path, 'shared', async () => {
    const tree = treeOf(context);
    const { parent, entry } = tree.file(path);
    checkFileLease(request, entry, 'read');
    const part = partOf(entry, range);
    if (wantsMd5 && part.end - part.start > MAX_RANGE_BYTES) {
      throw invalidHeader('x-ms-range-get-content-md5', 'true');
    }
    return { entry, part, parentId: parentIdOf(tree, path), handle: await open(parent.pathOf(entry), 'r') };
  });
  const { entry, part, handle, parentId } = opened;
  const length = part.end - part.start;
  const headers = {
    ...describeFile(entry, parentId),
    'Accept-Ranges': 'bytes',
    'Content-Length': length,
    ...(range === undefined
      ? { 'Content-MD5': entry.headers?.contentMd5 }
      : {
          'Content-Range': `bytes ${part.start}-${part.end - 1}/${entry.sizeBytes}`,
          'x-ms-content-md5': entry.headers?.contentMd5,
        }),
  };
  const status = range === undefined ? 200 : 206;
  if (length > AT_ONCE_BYTES && !wantsMd5) {
    return { status, headers, stream: readPart(handle, part) };
  }
  const body = await readWhole(handle, part);
  return { status, headers: wantsMd5 ? { ...headers, 'Content-MD5': md5Of(body) } : headers, body };
}

interface Part {
  readonly start: number;
  readonly end: number;
}

type Handle = Awaited<ReturnType<typeof open>>;

function partOf(entry: FileEntry, range: { start: number; end: number | undefined } | undefined): Part {
  if (range === undefined) return { start: 0, end: entry.sizeBytes };
  if (range.start >= entry.sizeBytes) throw new FilesError('InvalidRange');
  return { start: range.start, end: Math.min(range.end ?? entry.sizeBytes, entry.sizeBytes) };
}

function readPart(handle: Handle, part: Part): Readable {
  return handle.createReadStream({ start: part.start, end: part.end - 1, highWaterMark: STREAM_CHUNK_BYTES });
}

async function readWhole(handle: Handle, part: Part): Promise<Buffer> {
  try {
    const body = Buffer.alloc(part.end - part.start);
    if (body.length > 0) await handle.read(body, 0, body.length, part.start);
    return body;
  } finally {
    await handle.close();
  }
}
