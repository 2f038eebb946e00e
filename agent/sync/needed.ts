import type { IndexedFile } from '../index/segment.ts';
import type { JournaledResult } from '../journal/entries.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import type { Candidate } from './archiveFile.ts';
import { earlierStates } from './indexEntry.ts';
import type { Knowledge } from './knowledge.ts';
import { byPurgeOrder } from './purgeOrder.ts';
import type { Survey } from './survey.ts';
import { isArchived } from './verdict.ts';

/** Who decides that a file must go to the share: the server's comparison, or, without it, what the agent knows. */
export type NeedRule = (file: SourceFile, known: IndexedFile | undefined) => boolean;

/**
 * The server's word, and the agent's own where it sees more: a file whose change time or file id differs though size
 * and time do not may have other content. So may one that this agent has not brought to the share: it may be pending
 * for that very reason, or have been kept from its name by another of the same size and time.
 */
export function neededByServer(needed: ReadonlySet<string>): NeedRule {
  return (file, known) => needed.has(file.path) || isSuspicious(file, known);
}

/** With the server away: everything that neither the local index nor a journalled result has as archived. */
export function neededByIndex(journaled: Iterable<JournaledResult>): NeedRule {
  const waiting = new Map<string, JournaledResult>();
  for (const one of journaled) if (isArchived(one.result)) waiting.set(one.result.path, one);
  return (file, known) => {
    const result = waiting.get(file.path)?.result;
    if (result?.sizeBytes === file.sizeBytes && result.mtimeMs === file.mtimeMs) return false;
    return !isKnownArchived(file, known) || isSuspicious(file, known);
  };
}

/** The files to archive, what is closest to deletion first. Nobody looks at a file again before `nextLookMs` have passed. */
export function candidatesOf(
  survey: Survey,
  knowledge: Knowledge,
  isNeeded: NeedRule,
  nextLookMs: number,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const { folder, files } of survey.detailed.values()) {
    const segment = knowledge.segment(folder);
    for (const file of files) {
      const known = segment.get(file.name);
      if (!isNeeded(file, known)) continue;
      const deletionInMs = survey.purge.deletionInMs(file.mtimeMs);
      const urgent = deletionInMs <= nextLookMs;
      candidates.push({
        file,
        known: known?.state === 'archived' ? known : undefined,
        earlier: earlierStates(known, file),
        deletionInMs,
        urgent,
      });
    }
  }
  return candidates.sort((a, b) => byPurgeOrder(a.file, b.file));
}

function isKnownArchived(file: SourceFile, known: IndexedFile | undefined): boolean {
  return known?.state === 'archived' && known.sizeBytes === file.sizeBytes && known.mtimeMs === file.mtimeMs;
}

function isSuspicious(file: SourceFile, known: IndexedFile | undefined): boolean {
  if (known === undefined) return false;
  if (known.state !== 'archived') return true;
  if (!isKnownArchived(file, known) || known.ctimeMs === null) return false;
  return known.ctimeMs !== file.ctimeMs || known.fileId !== file.fileId;
}
