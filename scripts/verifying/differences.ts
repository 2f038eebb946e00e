import { bySourceFile, judgeHeld } from '../../shared/domain/heldOnShare.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import type { ArchivedFile } from './archived.ts';
import type { ExpectedFile } from './expected.ts';

/** What keeps the archive from being equal to its source; all empty means equal. */
export interface Differences {
  readonly missing: string[];
  /** There, but with other bytes. */
  readonly different: string[];
  /** There, but without the whole mark. */
  readonly notWhole: string[];
  /** Whole, but the hash that the file carries is not that of its bytes. */
  readonly misrecorded: string[];
  /** The same content of the same source file under more than one name. */
  readonly duplicates: string[];
}

/** Holds what must be there against what is there. A file counts as there under its own name or beside it. */
export function findDifferences(
  expected: readonly ExpectedFile[],
  archived: readonly ArchivedFile[],
): Differences {
  const bySource = bySourceFile(archived);
  const found: Differences = { missing: [], different: [], notWhole: [], misrecorded: [], duplicates: [] };
  for (const file of expected) {
    const wanted = [file, ...file.alternatives];
    const held = wanted.map(({ path, sha256 }) =>
      judgeHeld(bySource.get(foldPath(path)) ?? [], (candidate) => candidate.sha256 === sha256),
    );
    if (held.includes('held')) continue;
    found[held[0] === 'held' ? 'missing' : (held[0] ?? 'missing')].push(file.path);
  }
  for (const { path, whole, sha256, recordedSha256 } of archived)
    if (whole && recordedSha256 !== sha256) found.misrecorded.push(path);
  for (const files of bySource.values()) found.duplicates.push(...duplicatesAmong(files));
  return found;
}

function duplicatesAmong(files: readonly ArchivedFile[]): string[] {
  const byContent = Map.groupBy(
    files.filter(({ whole }) => whole),
    ({ sha256 }) => sha256,
  );
  return [...byContent.values()]
    .filter((same) => same.length > 1)
    .map((same) => same.map(({ path }) => path).join(' = '));
}
