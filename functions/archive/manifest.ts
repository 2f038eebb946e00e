import type { compareRun, ManifestFile } from '../../shared/contract/agents.ts';
import type { BodyOf } from '../../shared/contract/endpoint.ts';
import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { foldPath, folderOf, pathKey, pathKeyHex } from '../../shared/domain/paths.ts';
import { Problem } from '../platform/http/problem.ts';
import { isSurelySound } from './soundFolder.ts';

type SentFolder = BodyOf<typeof compareRun>['folders'][number];

export interface ListedFolder {
  readonly folderKey: Buffer;
  readonly folder: string;
  /** As it was sent: counts for listed files only once `refuseOtherDigest` has looked at it. */
  readonly digest: string | null;
  /** Absent: only the digest is asked about. */
  readonly files: readonly ManifestFile[] | undefined;
  /**
   * The key of each file in its place, in hex: a text is compared and collected more cheaply than 32 bytes. Made when first
   * asked for: of files that nobody knows yet, hardly one is.
   */
  readonly keysHex: () => readonly string[];
  /** Where the request names the folder, for refusals. */
  readonly pointer: string;
}

/** Files of all folders of one request together. */
export const MAX_FILES = 20_000;

/**
 * Reads the folders of a compare. Throws `invalid-request`, naming the place, for a folder or file that is there twice
 * (names that differ only in case are the same), for a file that lies in another folder, and for more than 20,000 files.
 */
export function readManifest(sent: readonly SentFolder[]): ListedFolder[] {
  const count = sent.reduce((sum, folder) => sum + (folder.files?.length ?? 0), 0);
  if (count > MAX_FILES) {
    throw refused(
      '/body/folders',
      `names ${String(count)} files; wanted: at most ${String(MAX_FILES)} a request`,
    );
  }
  const seen = new Set<string>();
  return sent.map((folder, index) => {
    const pointer = `/body/folders/${String(index)}`;
    const folderKey = pathKey(folder.folder);
    takeOnce(seen, `folder ${folderKey.toString('hex')}`, () => `${pointer}/folder`);
    const files = folder.files ?? [];
    if (!isSurelySound(folder.folder, files)) refuseUnsound(folder.folder, files, pointer);
    const { digest } = folder;
    return {
      folderKey,
      folder: folder.folder,
      digest,
      files: folder.files,
      keysHex: keysHexOf(files),
      pointer,
    };
  });
}

function keysHexOf(files: readonly ManifestFile[]): () => readonly string[] {
  let keys: readonly string[] | undefined;
  return () => (keys ??= files.map((file) => pathKeyHex(file.path)));
}

/** A manifest has thousands of places, and hardly ever one that is refused. */
type Place = () => string;

/** Names the first file that lies elsewhere or is there twice, if there is one. Twice can only be in one folder: each is named once. */
function refuseUnsound(folder: string, files: readonly ManifestFile[], pointer: string): void {
  const seen = new Set<string>();
  for (const [index, { path }] of files.entries()) {
    const place = () => `${pointer}/files/${String(index)}/path`;
    if (!liesIn(folder, path)) {
      throw refused(
        place(),
        'lies in another folder; wanted: a file directly in the folder it is listed for',
      );
    }
    takeOnce(seen, foldPath(path), place);
  }
}

/** Folders that differ only in case are one on the share, and are listed as one. */
function liesIn(folder: string, path: string): boolean {
  const named = folderOf(path);
  return named === folder || foldPath(named) === foldPath(folder);
}

function takeOnce(seen: Set<string>, key: string, place: Place): void {
  if (seen.has(key))
    throw refused(place(), 'is named twice (upper and lower case count as the same); wanted: once');
  seen.add(key);
}

/** Throws `invalid-request` for a digest that is not that of the listed files. */
export function refuseOtherDigest({ digest, files = [], keysHex, pointer }: ListedFolder): void {
  const keys = keysHex();
  const computed = folderDigest(
    files.map(({ sizeBytes, mtimeMs }, index) => ({ keyHex: keys[index] ?? '', sizeBytes, mtimeMs })),
  );
  if (computed !== digest) {
    throw refused(
      `${pointer}/digest`,
      'is not that of the listed files; wanted: folderDigest of them, or null',
    );
  }
}

function refused(pointer: string, message: string): Problem {
  return new Problem('invalid-request', `The manifest cannot be compared: ${pointer} ${message}.`, {
    errors: [{ pointer, message }],
  });
}
