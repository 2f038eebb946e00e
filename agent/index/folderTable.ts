import { z } from 'zod';
import { parseChecked, withChecksum } from './segment.ts';

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
});
export type FolderRecord = z.infer<typeof folderRecord>;

const tableSchema = z.object({
  /** Source path and globs: the table counts only for the configuration that it was made under. */
  configuration: z.string(),
  folders: z.array(folderRecord),
});

export function tableText(configuration: string, folders: Iterable<FolderRecord>): string {
  return withChecksum(JSON.stringify({ configuration, folders: [...folders] }));
}

/** Reads the table back; empty when it is damaged or was made for another configuration. */
export function parseTable(configuration: string, text: string): Map<string, FolderRecord> {
  const parsed = tableSchema.safeParse(parseChecked(text));
  if (!parsed.success || parsed.data.configuration !== configuration) return new Map();
  return new Map(parsed.data.folders.map((record) => [record.folder, record]));
}
