import { z } from 'zod';
import { sourceOf } from './indexScope.ts';
import { parseChecked, withChecksum } from './segment.ts';

/** What a cheap look at a sealed folder is held against, and the source times that it hides. */
const sealedLook = z.object({
  mtimeMs: z.number(),
  names: z.number(),
  folders: z.array(z.string()),
  oldestMs: z.number(),
  newestMs: z.number(),
  /** When every file was last looked at. */
  statAtMs: z.number(),
});
export type SealedLook = z.infer<typeof sealedLook>;

/**
 * What is known of one source folder as a whole. While its fingerprint (names, sizes, times, file ids) stays what it
 * was and it is settled, no file of it needs a second look.
 */
const folderRecord = z.object({
  folder: z.string(),
  fingerprint: z.string(),
  /** `folderDigest` of the files that can be archived. */
  digest: z.string(),
  fileCount: z.number(),
  sizeBytes: z.number(),
  /** Every file is archived, or can never be and was reported. */
  settled: z.boolean(),
  /** Of a sealed folder only. */
  look: sealedLook.optional(),
});
export type FolderRecord = z.infer<typeof folderRecord>;

const tableSchema = z.object({
  /** `indexScope`: what the table says of files counts only for the configuration that it was made under. */
  configuration: z.string(),
  folders: z.array(folderRecord),
  /** Names, folded, of the folders that the server last said are sealed. */
  sealed: z.array(z.string()).default([]),
});

/** All folders of a job, and which of them are sealed. */
export interface FolderTable {
  readonly folders: Map<string, FolderRecord>;
  readonly sealed: Set<string>;
}

export function tableText(configuration: string, { folders, sealed }: FolderTable): string {
  return withChecksum(JSON.stringify({ configuration, folders: [...folders.values()], sealed: [...sealed] }));
}

/**
 * Reads the table back; empty when it is damaged or was made for another source. Made under other globs or another share
 * path, it still says which folders there were: what waited in one that is gone since is missed.
 */
export function parseTable(configuration: string, text: string): FolderTable {
  const parsed = tableSchema.safeParse(parseChecked(text));
  if (!parsed.success || sourceOf(parsed.data.configuration) !== sourceOf(configuration))
    return { folders: new Map(), sealed: new Set() };
  const isSame = parsed.data.configuration === configuration;
  const folders = isSame ? parsed.data.folders : parsed.data.folders.map(({ folder }) => uncounted(folder));
  const sealed = new Set(isSame ? parsed.data.sealed : []);
  return { folders: new Map(folders.map((record) => [record.folder, record])), sealed };
}

/** A folder of which only the name is known. */
function uncounted(folder: string): FolderRecord {
  return { folder, fingerprint: '', digest: '', fileCount: 0, sizeBytes: 0, settled: false };
}

/** Whether no cycle that ended has counted the folder's files. */
export function isUncounted({ settled, fileCount }: FolderRecord): boolean {
  return !settled && fileCount === 0;
}
