import { pathIn } from '../../shared/domain/relativePath.ts';
import { createHash } from 'node:crypto';
import type { ShareClient, ShareDirectoryClient, ShareFileClient } from '@azure/storage-file-share';
import { sourcePathOf } from '../../shared/domain/archivedName.ts';
import { fromShareMetadata } from '../../shared/domain/shareMetadata.ts';
import { isWhole } from '../../shared/domain/wholeMark.ts';

/** A file of the share, read byte by byte. */
export interface ArchivedFile {
  /** Below the job's share path. */
  readonly path: string;
  /** The source path that its name stands for. */
  readonly sourcePath: string;
  readonly whole: boolean;
  readonly sha256: string;
  /** The hash that it carries itself; undefined when it carries none. */
  readonly recordedSha256: string | undefined;
}

const AT_ONCE = 8;

/** Reads every file below a folder of the share and hashes what is really there. */
export async function readArchive(share: ShareClient, folder: string): Promise<ArchivedFile[]> {
  const directory = folder === '' ? share.rootDirectoryClient : share.getDirectoryClient(folder);
  const clients = await filesBelow(directory, '');
  const files: ArchivedFile[] = [];
  const readNext = async () => {
    for (let next = clients.pop(); next !== undefined; next = clients.pop())
      files.push(await readOne(next.file, next.path));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readNext));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesBelow(
  directory: ShareDirectoryClient,
  below: string,
): Promise<{ file: ShareFileClient; path: string }[]> {
  const found: { file: ShareFileClient; path: string }[] = [];
  for await (const item of directory.listFilesAndDirectories()) {
    const path = pathIn(below, item.name);
    if (item.kind === 'file') found.push({ file: directory.getFileClient(item.name), path });
    else found.push(...(await filesBelow(directory.getDirectoryClient(item.name), path)));
  }
  return found;
}

async function readOne(file: ShareFileClient, path: string): Promise<ArchivedFile> {
  const properties = await file.getProperties();
  const hash = createHash('sha256');
  if ((properties.contentLength ?? 0) > 0) {
    const { readableStreamBody } = await file.download();
    for await (const chunk of readableStreamBody ?? []) hash.update(chunk as Buffer);
  }
  return {
    path,
    sourcePath: sourcePathOf(path, properties.fileLastWriteOn?.getTime() ?? Number.NaN),
    whole: isWhole(properties.fileAttributes ?? ''),
    sha256: hash.digest('hex'),
    recordedSha256: fromShareMetadata(properties.metadata ?? {})?.sha256,
  };
}
