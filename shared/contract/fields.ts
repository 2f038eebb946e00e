import { z } from 'zod';
import { shareNameFault } from '../domain/names.ts';
import { relativePathFault } from '../domain/relativePath.ts';

/** Instants on the wire: ISO 8601 with `T` and `Z`, milliseconds at most. */
export const instant = z.iso.datetime({ precision: 3 }).regex(/^(?!0000)/, 'wanted: a year from 0001 on');
export const MIN_MTIME_MS = -62_135_596_800_000;
export const MAX_MTIME_MS = 253_402_300_799_999;
/** A source file's time: whole milliseconds since 1970, negative for older. */
export const mtimeMs = z.int().min(MIN_MTIME_MS).max(MAX_MTIME_MS);
export const id = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'letters, digits and . _ : - only');
/** Run ids are readable (`tga-sync-2026-04-13T02-00-00Z`) or UUIDs. */
export const runId = id.max(100);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'wanted: SHA-256 as 64 lower-case hex digits');
export const count = z.int().min(0).max(1_000_000_000);
export const sizeBytes = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** How many files an instrument keeps before it deletes the oldest. */
export const sourceCap = z.int().min(1).max(100_000_000);
export const shortText = z.string().min(1).max(200);
export const longText = z.string().max(4000);
/** One to four numeric parts, `1.0.93.0`. */
export const agentVersion = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9}){0,3}$/, 'wanted: one to four numbers with dots');
export const role = z.enum(['viewer', 'operator', 'admin']);
export type Role = z.infer<typeof role>;

/** A file's path below the job's source: `/` between components, no way out (see `relativePathFault`). */
export const relativePath = z.string().check((context) => {
  const fault = relativePathFault(context.value);
  if (fault !== undefined) context.issues.push({ code: 'custom', message: fault, input: context.value });
});

/** A folder below the job's source; the source itself is `''`. */
export const relativeFolder = z.union([z.literal(''), relativePath]);

/** A job's folder on its share, `''` for the root: a path that Azure Files can hold (see `shareNameFault`). */
export const shareFolder = z.union([
  z.literal(''),
  relativePath.check((context) => {
    const fault = context.issues.length > 0 ? undefined : shareNameFault(context.value);
    if (fault !== undefined) context.issues.push({ code: 'custom', message: fault, input: context.value });
  }),
]);

/** Where a listing goes on; opaque. */
export const cursor = z.string().min(1).max(500).optional();
export const pageSize = z.coerce.number().int().min(1).max(500).optional();

export const nothing = z.undefined();
export const noParams = z.object({});
export const noQuery = z.strictObject({});
