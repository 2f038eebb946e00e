import type { IndexedFile } from '../index/segment.ts';
import type { FileOnShare } from '../share/shareFiles.ts';
import type { OpenSource, SourceFile } from '../source/sourceFile.ts';
import { markSent } from './halfWritten.ts';
import type { FileProgress } from './inFlight.ts';
import { place } from './place.ts';
import { sendRanges } from './sendRanges.ts';
import { SourceChangedError } from './sourceChanged.ts';
import { hashSource } from './hashSource.ts';
import { type ArchiveTools, onShare } from './tools.ts';
import type { Archived } from './verdict.ts';

/**
 * Archives a file by ranges. Where nothing whole has its name, it is hashed while it is sent, in one reading;
 * otherwise it is hashed first, because the hash decides where it goes.
 */
export async function archiveLarge(
  tools: ArchiveTools,
  { file, known }: { file: SourceFile; known: IndexedFile | undefined },
  source: OpenSource,
  progress: FileProgress,
  signal: AbortSignal,
): Promise<Archived> {
  const target = onShare(tools, file.path);
  const existing = await tools.folders.look(target, signal);
  const send = async (to: string, half: FileOnShare | undefined, wanted: string | undefined) => {
    const { sha256, createdMs } = await sendRanges(
      tools,
      { file, target: to, existing: half },
      source,
      progress,
      signal,
    );
    await requireUnchanged(file, source, sha256, wanted);
    const facts = { sha256, sizeBytes: file.sizeBytes, mtimeMs: file.mtimeMs };
    return { facts, stamp: await markSent(tools, to, { ...facts, createdMs }, signal) };
  };
  if (existing === undefined || existing.temporary) {
    await tools.folders.ensureFolderOf(target, signal);
    const { facts, stamp } = await send(target, existing, undefined);
    return { outcome: 'archived', facts, archivedPath: file.path, stamp };
  }
  const sha256 = known?.sha256 ?? (await hashSource(source, file.sizeBytes, signal));
  const facts = { sha256, sizeBytes: file.sizeBytes, mtimeMs: file.mtimeMs };
  return place(tools, file.path, facts, signal, async (to, half) => (await send(to, half, sha256)).stamp);
}

/**
 * After the last byte: the file is what it was. A change time alone may come from a new name or new permissions, so
 * then the content is read once more. A file deleted meanwhile is read to its end through the open handle.
 */
async function requireUnchanged(
  file: SourceFile,
  source: OpenSource,
  sha256: string,
  wanted: string | undefined,
): Promise<void> {
  const after = await source.stat();
  const same = after.sizeBytes === file.sizeBytes && after.mtimeMs === file.mtimeMs;
  const sameContent = wanted === undefined || wanted === sha256;
  const suspicious = after.linked && after.ctimeMs !== file.ctimeMs;
  if (same && sameContent && (!suspicious || (await hashSource(source, file.sizeBytes)) === sha256)) return;
  throw new SourceChangedError('changed_during_upload', file, after);
}
