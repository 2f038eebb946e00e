import type { IndexedFile } from '../index/segment.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import type { Candidate } from './archiveFile.ts';
import { isSameState, pendingEntry } from './indexEntry.ts';
import type { Knowledge } from './knowledge.ts';
import type { Survey } from './survey.ts';

/**
 * Writes down what is about to be archived, before it is. Should this process end in the middle of its cycle, the next one
 * misses what the instrument deleted meanwhile, and finds on the share what was brought there and told nobody.
 */
export function notePending(
  survey: Survey,
  knowledge: Knowledge,
  candidates: readonly Candidate[],
  isUnfinished: (file: SourceFile) => boolean,
): void {
  const files = candidates.map(({ file }) => file);
  for (const [folder, all] of Map.groupBy(files, (file) => file.folder)) {
    const segment = knowledge.segment(folder);
    const news = all.filter((file) => !isNoted(segment.get(file.name), file, isUnfinished));
    if (news.length > 0) noteIn(folder, news, { survey, knowledge, isUnfinished });
  }
  knowledge.flush();
}

/** What is archived as it stands, and asked for all the same, is on the share: nothing is lost with it. */
function isNoted(
  known: IndexedFile | undefined,
  file: SourceFile,
  isUnfinished: (file: SourceFile) => boolean,
): boolean {
  if (known === undefined || !isSameState(known, file)) return false;
  if (known.state === 'archived') return true;
  return known.state === 'pending' && known.unfinished === isUnfinished(file);
}

function noteIn(
  folder: string,
  files: readonly SourceFile[],
  parts: {
    readonly survey: Survey;
    readonly knowledge: Knowledge;
    readonly isUnfinished: (file: SourceFile) => boolean;
  },
): void {
  const { survey, knowledge, isUnfinished } = parts;
  knowledge.change(folder, (segment) => {
    for (const file of files)
      segment.set(file.name, pendingEntry(segment.get(file.name), file, isUnfinished(file)));
  });
  const detail = survey.detailed.get(folder);
  // Of a new folder nothing is counted yet: a cycle that ends does that, and the guard relies on it.
  const known = knowledge.folders.get(folder) ?? {
    folder,
    fingerprint: detail?.fingerprint ?? '',
    digest: detail?.digest ?? '',
    fileCount: 0,
    sizeBytes: 0,
  };
  // Without its new files it may look as it did when it was settled: it is looked at all the same.
  knowledge.setFolder({ ...known, settled: false });
}
