import {
  AnonymousCredential,
  type DirectoryItem,
  type FileItem,
  newPipeline,
  ShareDirectoryClient,
} from '@azure/storage-file-share';
import type { Credential } from '../../shared/contract/agents.ts';
import { sourcePathOf } from '../../shared/domain/archivedName.ts';
import { isWhole } from '../../shared/domain/wholeMark.ts';
import { shareFaultOf } from '../share/shareFault.ts';

/** A file of the share as its listing shows it. */
export interface ListedFile {
  /** Below the job's folder of the share. */
  readonly path: string;
  /** The source file that its name stands for. */
  readonly sourcePath: string;
  readonly sizeBytes: number;
  readonly lastWriteMs: number;
  readonly whole: boolean;
}

const PAGE_ENTRIES = 5000;

/**
 * Lists every file below a folder of the share; none when the folder is not there. Rejects with `ShareFault`, also when the
 * share says nothing for `silenceMs`, the repetitions of a request included.
 */
export async function listShare(
  { shareUrl, sas }: Pick<Credential, 'shareUrl' | 'sas'>,
  folder: string,
  silenceMs: number,
): Promise<ListedFile[]> {
  const pipeline = newPipeline(new AnonymousCredential(), { keepAliveOptions: { enable: true } });
  const clientOf = (path: string) => {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const address = `${shareUrl.replace(/\/+$/, '')}/${encoded}`.replace(/\/$/, '');
    return new ShareDirectoryClient(`${address}?${sas.replace(/^\?/, '')}`, pipeline);
  };
  const files: ListedFile[] = [];
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const here = [folder, below].filter((part) => part !== '').join('/');
    const prefix = below === '' ? '' : `${below}/`;
    for (const item of await entriesOf(clientOf(here), here, silenceMs)) {
      if (item.kind === 'directory') waiting.push(`${prefix}${item.name}`);
      else files.push(listed(`${prefix}${item.name}`, item));
    }
  }
  return files;
}

type Entry = ({ readonly kind: 'file' } & FileItem) | ({ readonly kind: 'directory' } & DirectoryItem);

async function entriesOf(directory: ShareDirectoryClient, path: string, silenceMs: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const options = { includeTimestamps: true, includeAttributes: true, includeExtendedInfo: true };
    const pages = directory
      .listFilesAndDirectories({ ...options, abortSignal: silence.signal })
      .byPage({ maxPageSize: PAGE_ENTRIES });
    for await (const { segment } of pages) {
      timer.refresh();
      for (const item of segment.directoryItems) entries.push({ kind: 'directory', ...item });
      for (const item of segment.fileItems) entries.push({ kind: 'file', ...item });
    }
    return entries;
  } catch (error) {
    const fault = shareFaultOf(error, `listing ${path === '' ? 'the share' : path}`);
    if (fault.kind === 'not_found' && fault.code !== 'ShareNotFound') return [];
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}

function listed(path: string, item: FileItem): ListedFile {
  const lastWriteMs = item.properties.lastWriteTime?.getTime() ?? Number.NaN;
  return {
    path,
    sourcePath: sourcePathOf(path, lastWriteMs),
    sizeBytes: item.properties.contentLength,
    lastWriteMs,
    whole: isWhole(item.attributes ?? ''),
  };
}
