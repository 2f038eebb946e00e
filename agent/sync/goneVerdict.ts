import type { FileState } from '../index/segment.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import { broughtStates } from './brought.ts';
import { isSameState } from './indexEntry.ts';
import type { ArchiveTools } from './tools.ts';
import { type Archived, archivedVerdict, noProgress, otherVerdict, type Verdict } from './verdict.ts';

/** A file that is gone from the source. */
interface GoneFile {
  readonly file: SourceFile;
  /** States that it was pending in before. */
  readonly earlier: readonly FileState[];
}

export function passingVerdict(file: SourceFile): Verdict {
  return otherVerdict(
    file,
    'vanished_unfinished',
    'deleted from the source while it was still being written',
  );
}

export function lostVerdict(file: SourceFile, error: string): Verdict {
  return otherVerdict(file, 'vanished', error);
}

/**
 * What is to be said of a file that is gone from the source, unless it stands whole on the share with its size and time:
 * a process that was killed may have brought it there, or an earlier state of it, and told nobody.
 */
export async function goneVerdict(
  tools: ArchiveTools,
  { file, earlier }: GoneFile,
  otherwise: Verdict,
): Promise<Verdict> {
  try {
    const brought = await broughtStates(tools, file.path, [...earlier, file]);
    const isLast = ({ facts }: Archived) => isSameState(facts, file);
    const last = brought.find(isLast);
    const verdict = last === undefined ? otherwise : broughtVerdict(file, last);
    const before = brought.filter((one) => !isLast(one)).map((one) => broughtVerdict(file, one));
    return before.length === 0 ? verdict : { ...verdict, before };
  } catch (fault) {
    tools.signal.throwIfAborted();
    // Data loss is claimed only after the share has answered: the next cycle asks again.
    return otherVerdict(file, 'share_unavailable', fault instanceof Error ? fault.message : String(fault));
  }
}

/** The share did not say whether it has the file. */
export function isUndecided({ result }: Verdict): boolean {
  return result.outcome === 'share_unavailable';
}

/** A state of a file, not the one it has now, that was found on the share. */
export function broughtVerdict(file: SourceFile, brought: Archived): Verdict {
  const { sizeBytes, mtimeMs } = brought.facts;
  return archivedVerdict({ ...file, sizeBytes, mtimeMs }, brought, noProgress);
}
