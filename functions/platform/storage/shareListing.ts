import type { DirectoryItem, FileItem, ShareDirectoryClient } from '@azure/storage-file-share';
import type { ShareEntry, SharePage } from './shares.ts';

/** The most that Azure Files puts on one page. */
const PAGE_ENTRIES = 5000;

/** One page of a directory's listing. Rejects with the SDK's error when the directory is not there. */
export async function readListingPage(
  directory: ShareDirectoryClient,
  path: string,
  marker: string | undefined,
  abortSignal: AbortSignal,
): Promise<SharePage> {
  const pages = directory
    .listFilesAndDirectories({
      includeTimestamps: true,
      includeEtag: true,
      includeAttributes: true,
      abortSignal,
    })
    .byPage({ maxPageSize: PAGE_ENTRIES, ...(marker === undefined ? {} : { continuationToken: marker }) });
  const page: IteratorResult<Listing, Listing | undefined> = await pages.next();
  if (page.value === undefined) return { entries: [], nextMarker: undefined };
  const { segment, continuationToken } = page.value;
  const entries = [
    ...segment.directoryItems.map((item) => entryOf('directory', path, item)),
    ...segment.fileItems.map((item) => entryOf('file', path, item)),
  ];
  return { entries, nextMarker: continuationToken === '' ? undefined : continuationToken };
}

interface Listing {
  readonly segment: {
    readonly directoryItems: readonly DirectoryItem[];
    readonly fileItems: readonly FileItem[];
  };
  readonly continuationToken: string | undefined;
}

function entryOf(kind: ShareEntry['kind'], directory: string, item: DirectoryItem | FileItem): ShareEntry {
  return {
    kind,
    name: item.name,
    path: directory === '' ? item.name : `${directory}/${item.name}`,
    sizeBytes: kind === 'file' ? (item.properties?.contentLength ?? 0) : 0,
    attributes: item.attributes ?? '',
    lastWriteAt: item.properties?.lastWriteTime,
    lastModifiedAt: item.properties?.lastModified,
    etag: item.properties?.etag,
  };
}
