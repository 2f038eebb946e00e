import type { IndexedFile } from '../index/segment.ts';
import { nameOf, pathIn } from '../../shared/domain/relativePath.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import { shownPath } from './excluded.ts';
import { entryOf, isSameState, pendingEntry } from './indexEntry.ts';
import type { Knowledge } from './knowledge.ts';
import type { FolderRecord, SealedLook } from '../index/folderTable.ts';
import type { DetailedFolder } from './details.ts';
import { bytesOf, countOf, isStanding, isUnreadable, type Survey } from './survey.ts';

export interface SettleRules {
  /** Files that are not known to be archived. */
  readonly isOpen: (file: SourceFile) => boolean;
  /** Files that were still being written when this cycle last saw them. */
  readonly isUnfinished: (file: SourceFile) => boolean;
  /** Files that are gone, and of which nobody knows yet whether they are lost: they stay pending. */
  readonly isUndecided: (path: string) => boolean;
}

/**
 * Writes down what the cycle found: every standing file of a folder is archived, excluded or pending, and a folder
 * without pending files is settled. Returns the files that are left.
 */
export function settleSurvey(survey: Survey, knowledge: Knowledge, rules: SettleRules): SourceFile[] {
  const left: SourceFile[] = [];
  for (const detail of survey.detailed.values()) {
    const open = detail.files.filter(rules.isOpen);
    left.push(...open);
    const look = survey.looks.get(detail.folder);
    settleFolder(detail, look, knowledge, new Set(open.map(({ name }) => name)), rules);
  }
  for (const [folder, look] of survey.looks) {
    const known = survey.detailed.has(folder) ? undefined : knowledge.folders.get(folder);
    if (known !== undefined) knowledge.setFolder({ ...known, look });
  }
  for (const folder of [...knowledge.folders.keys()])
    if (!isStanding(survey, folder) && !isUnreadable(survey, folder))
      settleGoneFolder(folder, knowledge, rules);
  knowledge.flush();
  return left;
}

function settleFolder(
  detail: DetailedFolder,
  look: SealedLook | undefined,
  knowledge: Knowledge,
  open: ReadonlySet<string>,
  { isUnfinished, isUndecided }: SettleRules,
): void {
  const { folder, fingerprint, digest, files, excluded } = detail;
  let undecided = 0;
  knowledge.change(folder, (segment) => {
    const standing = new Set([
      ...files.map(({ name }) => name),
      ...excluded.map((one) => nameOf(shownPath(one.file))),
    ]);
    for (const name of segment.keys()) {
      if (standing.has(name)) continue;
      if (isUndecided(pathIn(folder, name))) undecided += 1;
      else segment.delete(name);
    }
    for (const file of files) {
      const known = segment.get(file.name);
      if (open.has(file.name)) segment.set(file.name, pendingEntry(known, file, isUnfinished(file)));
      else if (!isArchivedAs(known, file)) segment.set(file.name, entryOf(file, 'archived'));
    }
  });
  const record: FolderRecord = {
    folder,
    fingerprint,
    digest,
    fileCount: countOf(detail),
    sizeBytes: bytesOf(detail),
    settled: open.size === 0 && undecided === 0,
  };
  knowledge.setFolder(look === undefined ? record : { ...record, look });
}

/** A folder that is gone is forgotten, but for what is still to be asked of the share. */
function settleGoneFolder(folder: string, knowledge: Knowledge, { isUndecided }: SettleRules): void {
  const names = [...knowledge.segment(folder).keys()];
  const undecided = new Set(names.filter((name) => isUndecided(pathIn(folder, name))));
  const known = knowledge.folders.get(folder);
  if (undecided.size === 0 || known === undefined) {
    knowledge.removeFolder(folder);
    return;
  }
  knowledge.change(folder, (segment) => {
    for (const name of names) if (!undecided.has(name)) segment.delete(name);
  });
  const { look: _, ...record } = known;
  knowledge.setFolder({ ...record, fileCount: 0, sizeBytes: 0, settled: false });
}

function isArchivedAs(known: IndexedFile | undefined, file: SourceFile): boolean {
  return known?.state === 'archived' && isSameState(known, file);
}
