import { FilesError, invalidHeader, invalidQuery } from '../errors.ts';
import { contentLength, MAX_RANGE_BYTES, md5Of, receiveBody } from '../http/body.ts';
import { rangeOf, requiredRange } from '../http/headers.ts';
import { xmlAnswer } from '../http/respond.ts';
import type { Answer } from '../http/respond.ts';
import { header, requiredHeader } from '../http/request.ts';
import { openUnshared, orShareFull, writeAll, zeroRange } from '../store/dataFile.ts';
import type { Directory } from '../store/directory.ts';
import type { FileEntry } from '../store/entry.ts';
import { addRange, clipRanges, coveredBytes, pairs, removeRange } from '../store/ranges.ts';
import type { Ranges } from '../store/ranges.ts';
import type { Share } from '../store/share.ts';
import { element, wrap } from '../xml.ts';
import { pathOf, refuseSnapshot, shareOf, treeOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkFileLease } from './fileLease.ts';
import { refuseReadOnly } from './files.ts';
import { maxResults } from './service.ts';
import { stampHeaders } from './shares.ts';
import { unshareData } from './unshare.ts';

/** Azure frees and lists room in blocks of this size. */
const BLOCK_BYTES = 512;

/** Put Range: writes up to 4 MiB, or clears. */
export async function putRange(context: OperationContext): Promise<Answer> {
  refuseSnapshot(context);
  const { request } = context;
  const range = requiredRange(request);
  const write = requiredHeader(request, 'x-ms-write').toLowerCase();
  if (header(request, 'x-ms-structured-body') !== undefined) throw new FilesError('UnsupportedHeader');
  if (write === 'clear') {
    if (contentLength(request) !== 0)
      throw invalidHeader('Content-Length', header(request, 'content-length') ?? '');
    return changeRange(context, range, undefined);
  }
  if (write !== 'update') throw invalidHeader('x-ms-write', write);
  const content = await receiveBody(request, MAX_RANGE_BYTES);
  if (content.length !== range.end - range.start)
    throw invalidHeader('x-ms-range', header(request, 'x-ms-range') ?? '');
  return changeRange(context, range, content);
}

/** Writes content into a range of the request's file; without content it clears the range. */
export async function changeRange(
  context: OperationContext,
  range: { start: number; end: number },
  content: Buffer | undefined,
): Promise<Answer> {
  const share = shareOf(context);
  const path = pathOf(context);
  const change = { context, share, path, range, content };
  // Ranges of one file go on beside each other; only one that a snapshot shares must first be copied, alone.
  const answer = await share.onFile(path, 'shared', () => applyChange(change));
  if (answer !== undefined) return answer;
  return share.onFile(path, 'exclusive', async () => {
    const { parent, entry } = share.tree.file(path);
    await unshareData(share, parent, entry);
    const retried = await applyChange(change);
    if (retried === undefined) throw new FilesError('InternalError');
    return retried;
  });
}

interface RangeChange {
  readonly context: OperationContext;
  readonly share: Share;
  readonly path: readonly string[];
  readonly range: { readonly start: number; readonly end: number };
  readonly content: Buffer | undefined;
}

/** @returns undefined when a snapshot shares the data file, which then nobody has touched */
async function applyChange(change: RangeChange): Promise<Answer | undefined> {
  const { context, share, path, range, content } = change;
  const { parent, entry } = share.tree.file(path);
  checkFileLease(context.request, entry, 'write');
  refuseReadOnly(entry);
  if (range.end > entry.sizeBytes) throw new FilesError('InvalidRange');
  if (content !== undefined) share.checkRoom(grownBy(entry.written, range));
  const handle = await openUnshared(parent.pathOf(entry));
  if (handle === undefined) return undefined;
  try {
    await orShareFull(() =>
      content === undefined
        ? zeroRange(handle, entry.written, range.start, range.end)
        : writeAll(handle, content, range.start),
    );
    if (share.synced) await handle.datasync();
  } finally {
    await handle.close();
  }
  const changed = recordChange(change, parent);
  await parent.settle();
  return rangeAnswer(changed, content);
}

/** The data is written: now the journal says so. From the newest entry, as other ranges may have come between. */
function recordChange({ context, share, path, range, content }: RangeChange, parent: Directory): FileEntry {
  const { entry } = share.tree.file(path);
  const stamp = context.stamps.next();
  const preserve = header(context.request, 'x-ms-file-last-write-time')?.toLowerCase() === 'preserve';
  const written =
    content === undefined
      ? removeRange(entry.written, roundUp(range.start), freedEnd(range.end, entry.sizeBytes))
      : addRange(entry.written, range.start, range.end);
  const { staged: _, ...rest } = entry;
  const changed: FileEntry = {
    ...rest,
    written,
    etag: stamp.etag,
    lastModified: stamp.time,
    changed: stamp.time,
    ...(preserve ? {} : { lastWritten: stamp.time }),
  };
  parent.put(changed);
  share.addUsedBytes(coveredBytes(written) - coveredBytes(entry.written));
  return changed;
}

function rangeAnswer(entry: FileEntry, content: Buffer | undefined): Answer {
  return {
    status: 201,
    headers: {
      ...stampHeaders({ time: entry.lastModified, etag: entry.etag }),
      'Content-MD5': content === undefined ? undefined : md5Of(content),
      'x-ms-request-server-encrypted': 'true',
      'x-ms-file-last-write-time': entry.lastWritten,
    },
  };
}

function grownBy(written: Ranges, range: { start: number; end: number }): number {
  return coveredBytes(addRange(written, range.start, range.end)) - coveredBytes(written);
}

function roundUp(offset: number): number {
  return Math.ceil(offset / BLOCK_BYTES) * BLOCK_BYTES;
}

/** A clear frees whole blocks; the last block of a file counts as whole where the file ends. */
function freedEnd(end: number, sizeBytes: number): number {
  return end === sizeBytes ? end : Math.floor(end / BLOCK_BYTES) * BLOCK_BYTES;
}

/** List Ranges: what was written, in whole blocks, page by page for clients that ask so; also of a snapshot. */
export async function listRanges(context: OperationContext): Promise<Answer> {
  const path = pathOf(context);
  const { query } = context.request;
  if (query.has('prevsharesnapshot')) throw new FilesError('UnsupportedQueryParameter');
  const asked = rangeOf(context.request) ?? { start: 0, end: undefined };
  const limit = query.has('maxresults') ? maxResults(context) : Number.POSITIVE_INFINITY;
  const from = Math.max(asked.start, markerOf(query.get('marker')));
  return shareOf(context).onPaths('shared', () => {
    const { entry } = treeOf(context).file(path);
    checkFileLease(context.request, entry, 'read');
    const end = Math.min(asked.end ?? entry.sizeBytes, entry.sizeBytes);
    const found = [...pairs(clipRanges(wholeBlocks(entry), from, end))];
    const rows = found
      .slice(0, limit)
      .map(([start, stop]) => wrap('Range', element('Start', start), element('End', stop - 1)));
    const next = found[limit]?.[0];
    return xmlAnswer(
      wrap('Ranges', ...rows, query.has('maxresults') ? element('NextMarker', next ?? '') : ''),
      {
        ...stampHeaders({ time: entry.lastModified, etag: entry.etag }),
        'x-ms-content-length': entry.sizeBytes,
      },
    );
  });
}

/** A marker is the offset at which the next page begins. */
function markerOf(marker: string | undefined): number {
  if (marker === undefined || marker === '') return 0;
  if (!/^\d{1,15}$/.test(marker)) throw invalidQuery('marker', marker);
  return Number(marker);
}

function wholeBlocks(entry: FileEntry): Ranges {
  let blocks: Ranges = [];
  for (const [from, to] of pairs(entry.written)) {
    const start = Math.floor(from / BLOCK_BYTES) * BLOCK_BYTES;
    blocks = addRange(blocks, start, Math.min(roundUp(to), entry.sizeBytes));
  }
  return blocks;
}
