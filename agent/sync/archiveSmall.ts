import { createHash } from 'node:crypto';
import type { ArchivedFacts } from '../../shared/domain/shareMetadata.ts';
import type { ShareStamp } from '../share/shareFiles.ts';
import type { OpenSource, SourceFile } from '../source/sourceFile.ts';
import { createHalf, markSent, putRange } from './halfWritten.ts';
import type { FileProgress } from './inFlight.ts';
import { noted } from './noted.ts';
import { afterALook, place } from './place.ts';
import { SourceChangedError } from './sourceChanged.ts';
import type { ArchiveTools } from './tools.ts';
import type { Archived } from './verdict.ts';

/** Archives a file of at most 4 MiB: read whole, hashed, checked against a second look, then sent. */
export async function archiveSmall(
  tools: ArchiveTools,
  file: SourceFile,
  source: OpenSource,
  progress: FileProgress,
  signal: AbortSignal,
): Promise<Archived> {
  const content = await tools.buffers.take(file.sizeBytes);
  try {
    return await archiveContent(tools, file, source, content, progress, signal);
  } finally {
    // Not used again: a request that was given up may still hold it.
    tools.buffers.give(content.length);
  }
}

async function archiveContent(
  tools: ArchiveTools,
  file: SourceFile,
  source: OpenSource,
  content: Buffer,
  progress: FileProgress,
  signal: AbortSignal,
): Promise<Archived> {
  const read = await source.read(content, 0);
  const after = await source.stat();
  // Nothing was sent yet: what was read may be half a file.
  if (read !== file.sizeBytes || after.sizeBytes !== file.sizeBytes || after.mtimeMs !== file.mtimeMs)
    throw new SourceChangedError('still_writing', file, after);
  const facts = {
    sha256: createHash('sha256').update(content).digest('hex'),
    sizeBytes: file.sizeBytes,
    mtimeMs: file.mtimeMs,
  };
  const md5 = createHash('md5').update(content).digest();
  return place(tools, file.path, facts, signal, async (target) => {
    const stamp = await send(tools, target, content, md5, facts, signal);
    progress.sent(content.length);
    return stamp;
  });
}

async function send(
  tools: ArchiveTools,
  target: string,
  content: Buffer,
  md5: Buffer,
  facts: ArchivedFacts,
  signal: AbortSignal,
): Promise<ShareStamp> {
  const stamp = await afterALook(tools, target, facts, signal, (files) =>
    // It may set the mark by a request of its own.
    noted(tools, target, 'content', files.createWhole(target, content, md5, facts, signal)),
  );
  if (stamp !== undefined) return stamp;
  const upload = { sizeBytes: content.length, uploadId: tools.newUploadId() };
  const createdMs = await createHalf(tools, target, upload, signal);
  await putRange(tools, target, { offset: 0, bytes: content, md5 }, signal);
  return markSent(tools, target, { ...facts, createdMs }, signal);
}
