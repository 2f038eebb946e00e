import { z } from 'zod';
import { relativePathFault } from '../domain/relativePath.ts';
import {
  MAX_MTIME_MS,
  MIN_MTIME_MS,
  mtimeMs,
  relativeFolder,
  relativePath,
  sha256,
  sizeBytes,
} from './fields.ts';

const MAX_FILES = 20_000;

export const manifestFile = z.strictObject({ path: relativePath, sizeBytes, mtimeMs });
export type ManifestFile = z.infer<typeof manifestFile>;

/** What a source has, folder by folder. */
export const manifest = z.strictObject({
  correlationId: z.uuid(),
  folders: z
    .array(
      z.strictObject({
        folder: relativeFolder,
        /** `folderDigest` of all files listed for the folder; null where the list is only a part of it. */
        digest: sha256.nullable(),
        /** Absent in the first question: is this digest the known one? */
        files: z.array(manifestFile).max(MAX_FILES).optional(),
      }),
    )
    .max(5000),
});

/**
 * Whether a body is surely a manifest: its files are looked at here, all else by the schema. The schema takes five times as
 * long over 20,000 files, and longer still while a host is young.
 */
export function isSurelyManifest(sent: unknown): boolean {
  if (!isRecord(sent) || !Array.isArray(sent['folders'])) return false;
  const bare: unknown[] = [];
  for (const folder of sent['folders'] as readonly unknown[]) {
    if (!isRecord(folder) || !areSurelyFiles(folder['files'])) return false;
    bare.push({ ...folder, files: undefined });
  }
  return manifest.safeParse({ ...sent, folders: bare }).success;
}

function areSurelyFiles(files: unknown): boolean {
  if (files === undefined) return true;
  return Array.isArray(files) && files.length <= MAX_FILES && files.every(isSurelyFile);
}

function isSurelyFile(file: unknown): boolean {
  if (!isRecord(file) || Object.keys(file).length !== 3) return false;
  return (
    typeof file['path'] === 'string' &&
    isWithin(file['sizeBytes'], 0, Number.MAX_SAFE_INTEGER) &&
    isWithin(file['mtimeMs'], MIN_MTIME_MS, MAX_MTIME_MS) &&
    relativePathFault(file['path']) === undefined
  );
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
