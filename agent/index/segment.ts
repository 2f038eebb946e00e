import { crc32 } from 'node:zlib';
import { z } from 'zod';

/** A state of a source file: the agent takes files with the same for unchanged. */
const fileState = z.object({ sizeBytes: z.number(), mtimeMs: z.number() });
export type FileState = Readonly<z.infer<typeof fileState>>;

/**
 * What the agent knows of one source file that still stands. `archived`: on the share, and the server took the
 * result. `excluded`: it can never be archived under its name, reported once. `pending`: seen, not archived yet;
 * one that is gone from the source next time was lost or renamed.
 */
const indexedFile = z.object({
  name: z.string(),
  state: z.enum(['archived', 'excluded', 'pending']),
  /** Of a pending one: it was still being written when it was last seen. */
  unfinished: z.boolean().default(false),
  /** Of a pending one: the states that it was pending in before. A process that was killed may have archived any of them. */
  earlier: z.array(fileState).optional(),
  sizeBytes: z.number(),
  mtimeMs: z.number(),
  ctimeMs: z.number().nullable(),
  fileId: z.number().nullable(),
  sha256: z.string().nullable(),
  etag: z.string().nullable(),
  archivedPath: z.string().nullable(),
  shareModifiedAt: z.string().nullable(),
});
export type IndexedFile = z.infer<typeof indexedFile>;

/** The files of one folder by name. */
export type Segment = Map<string, IndexedFile>;

const segmentSchema = z.object({ folder: z.string(), files: z.array(indexedFile) });

/** A segment as text: the CRC-32 of the rest, a newline, JSON. */
export function segmentText(folder: string, segment: Segment): string {
  return withChecksum(JSON.stringify({ folder, files: [...segment.values()] }));
}

/** Reads a segment back; undefined when it is damaged or another folder's. */
export function parseSegment(folder: string, text: string): Segment | undefined {
  const parsed = segmentSchema.safeParse(parseChecked(text));
  if (!parsed.success || parsed.data.folder !== folder) return undefined;
  return new Map(parsed.data.files.map((file) => [file.name, file]));
}

export function withChecksum(json: string): string {
  return `${crc32(json).toString(16).padStart(8, '0')}\n${json}`;
}

/** The JSON behind its checksum, or undefined when they do not agree. */
export function parseChecked(text: string): unknown {
  const json = text.slice(9);
  if (text.charAt(8) !== '\n' || crc32(json).toString(16).padStart(8, '0') !== text.slice(0, 8))
    return undefined;
  return JSON.parse(json);
}
