import { createHash } from 'node:crypto';
import { z } from 'zod';
import { pathKeyHex } from '../../shared/domain/paths.ts';
import type { ListedFolder } from './manifest.ts';

/**
 * What the requests of one compare added up to, kept in the compare step, so that a request that is repeated replaces
 * its own figures and counts nothing twice. Bounded: beyond `MAX_CHUNKS` the older half is only kept as a sum.
 */
export const compareTally = z.object({
  chunks: z.record(z.string(), z.tuple([z.int(), z.int()])),
  folded: z.tuple([z.int(), z.int()]),
});
export type CompareTally = z.infer<typeof compareTally>;

const MAX_CHUNKS = 1000;

/** Reads what the step holds; a step that has compared nothing yet holds null. */
export function readTally(stored: unknown): CompareTally {
  const parsed = compareTally.safeParse(stored);
  return parsed.success ? parsed.data : { chunks: {}, folded: [0, 0] };
}

/** Names a request by what it lists: the same lists have the same name. */
export function chunkName(folders: readonly ListedFolder[]): string {
  const hash = createHash('sha256');
  for (const { folderKey, files = [] } of folders) {
    hash.update(folderKey).update(`${String(files.length)} `);
    for (const file of [files[0], files.at(-1)]) if (file !== undefined) hash.update(pathKeyHex(file.path));
  }
  return hash.digest('hex').slice(0, 16);
}

export function addChunk(
  tally: CompareTally,
  name: string,
  figures: { readonly examined: number; readonly needed: number },
): CompareTally {
  const chunks = { ...tally.chunks, [name]: [figures.examined, figures.needed] as [number, number] };
  const names = Object.keys(chunks);
  if (names.length <= MAX_CHUNKS) return { chunks, folded: tally.folded };
  const old = names.filter((each) => each !== name).slice(0, MAX_CHUNKS / 2);
  const kept = Object.fromEntries(Object.entries(chunks).filter(([each]) => !old.includes(each)));
  const sums = tallySums({
    chunks: Object.fromEntries(old.map((each) => [each, chunks[each] ?? [0, 0]])),
    folded: tally.folded,
  });
  return { chunks: kept, folded: [sums.examined, sums.needed] };
}

export function tallySums(tally: CompareTally): { examined: number; needed: number } {
  let [examined, needed] = tally.folded;
  for (const [chunkExamined, chunkNeeded] of Object.values(tally.chunks)) {
    examined += chunkExamined;
    needed += chunkNeeded;
  }
  return { examined, needed };
}
