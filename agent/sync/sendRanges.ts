import type { UploadRecord } from '../journal/contents.ts';
import type { FileOnShare, Range } from '../share/shareFiles.ts';
import type { OpenSource, SourceFile } from '../source/sourceFile.ts';
import { boundedTasks } from './boundedTasks.ts';
import type { FileHash } from './fileHash.ts';
import { createHalf, putRange } from './halfWritten.ts';
import type { FileProgress } from './inFlight.ts';
import { RANGE_BYTES, type RangeBuffers } from './rangeBuffers.ts';
import { SourceChangedError } from './sourceChanged.ts';
import type { ArchiveTools } from './tools.ts';

/** Ranges of one file under way at the same time. */
const PARALLEL_RANGES = 3;

interface Sending {
  readonly file: SourceFile;
  readonly target: string;
  /** What the look found: nothing, or a half-written file. */
  readonly existing: FileOnShare | undefined;
}

interface Sent {
  /** Of what was read. */
  readonly sha256: string;
  /** When the share created the file that the ranges went to, in ms of its clock. */
  readonly createdMs: number;
}

/**
 * Sends a file range by range, each with its MD5. While ranges are sent the next
 * one is read and hashed. A half-written file that this agent's journal knows is gone on with: a range is left out only
 * when the journal has its MD5 and the source gives the same again, and while the share still holds it.
 */
export async function sendRanges(
  tools: ArchiveTools,
  sending: Sending,
  source: OpenSource,
  progress: FileProgress,
  signal: AbortSignal,
): Promise<Sent> {
  const { file } = sending;
  const upload = (await resumeUpload(tools, sending, signal)) ?? (await beginUpload(tools, sending, signal));
  const hash = tools.startFileHash();
  const tasks = boundedTasks(PARALLEL_RANGES);
  try {
    for (let offset = 0; offset < file.sizeBytes && !tasks.failed; offset += RANGE_BYTES) {
      signal.throwIfAborted();
      const sizeBytes = Math.min(RANGE_BYTES, file.sizeBytes - offset);
      const range = await readRange(tools.buffers, source, hash, { offset, sizeBytes });
      if (range === undefined) throw await shortened(tasks, file, source);
      if (upload.ranges.get(offset) === range.md5.toString('base64'))
        tools.buffers.give(sizeBytes, range.bytes);
      else await tasks.run(() => sendRange(tools, upload, range, progress, signal));
    }
    await tasks.finish();
    return { sha256: await hash.sha256(), createdMs: upload.createdMs };
  } finally {
    hash.end();
  }
}

/** The next range with its MD5, in a buffer that has to be given back; undefined when the file has become shorter. */
async function readRange(
  buffers: RangeBuffers,
  source: OpenSource,
  hash: FileHash,
  { offset, sizeBytes }: { offset: number; sizeBytes: number },
): Promise<Range | undefined> {
  const room = await buffers.take(sizeBytes);
  try {
    const read = await source.read(room, offset);
    if (read === sizeBytes) return { offset, ...(await hash.add(room)) };
  } catch (error) {
    buffers.give(sizeBytes);
    throw error;
  }
  buffers.give(sizeBytes, room);
  return undefined;
}

async function sendRange(
  tools: ArchiveTools,
  { uploadId, target }: UploadRecord,
  range: Range,
  progress: FileProgress,
  signal: AbortSignal,
): Promise<void> {
  const { offset, bytes, md5 } = range;
  try {
    await putRange(tools, target, range, signal, progress);
  } catch (error) {
    // A request that was given up may still hold the bytes.
    tools.buffers.give(bytes.length);
    throw error;
  }
  tools.buffers.give(bytes.length, bytes);
  progress.sent(bytes.length);
  await tools.journal.note({ kind: 'range', uploadId, offset, md5: md5.toString('base64') });
}

async function shortened(
  tasks: ReturnType<typeof boundedTasks>,
  file: SourceFile,
  source: OpenSource,
): Promise<Error> {
  await tasks.finish();
  return new SourceChangedError('changed_during_upload', file, await source.stat());
}

/** What the journal knows, as far as the share still holds it: a share may have been restored to an earlier time. */
async function resumeUpload(
  tools: ArchiveTools,
  sending: Sending,
  signal: AbortSignal,
): Promise<UploadRecord | undefined> {
  const record = resumable(tools, sending);
  if (record === undefined || record.ranges.size === 0) return record;
  const written = await tools.share.attempt(signal, (files) => files.writtenRanges(sending.target, signal));
  const isHeld = (offset: number) => {
    let reached = offset;
    for (const { start, end } of written) if (start <= reached) reached = Math.max(reached, end + 1);
    return reached >= Math.min(offset + RANGE_BYTES, record.sizeBytes);
  };
  return { ...record, ranges: new Map([...record.ranges].filter(([offset]) => isHeld(offset))) };
}

/** The journal's record of exactly this half-written file, or undefined. */
function resumable(
  { journal, jobId }: ArchiveTools,
  { file, target, existing }: Sending,
): UploadRecord | undefined {
  if (existing?.uploadId === undefined || existing.sizeBytes !== file.sizeBytes) return undefined;
  const record = journal.contents.uploads.get(existing.uploadId);
  if (record?.jobId !== jobId || record.target !== target) return undefined;
  if (record.createdMs !== existing.createdMs) return undefined;
  return record.sizeBytes === file.sizeBytes && record.mtimeMs === file.mtimeMs ? record : undefined;
}

async function beginUpload(
  tools: ArchiveTools,
  { file, target }: Sending,
  signal: AbortSignal,
): Promise<UploadRecord> {
  const { journal, jobId } = tools;
  await closeUploads(tools, target);
  const upload = {
    uploadId: tools.newUploadId(),
    jobId,
    target,
    sizeBytes: file.sizeBytes,
    mtimeMs: file.mtimeMs,
  };
  const created = { ...upload, createdMs: await createHalf(tools, target, upload, signal) };
  await journal.note({ kind: 'upload', ...created });
  return { ...created, ranges: new Map() };
}

/** Forgets what the journal knows of uploads to a name: they are finished, or begun anew. */
export async function closeUploads(
  { journal, jobId }: Pick<ArchiveTools, 'journal' | 'jobId'>,
  target: string,
): Promise<void> {
  for (const upload of journal.contents.uploads.values())
    if (upload.jobId === jobId && upload.target === target)
      await journal.note({ kind: 'upload-closed', uploadId: upload.uploadId });
}
