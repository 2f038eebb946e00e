import { createHash } from 'node:crypto';
import { nameOf } from '../../shared/domain/relativePath.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import type { Knowledge } from './knowledge.ts';
import type { Survey } from './survey.ts';
import { otherVerdict, type Verdict } from './verdict.ts';

/** Results for files that can never be archived under their names; each is reported once, until it changes (B28). */
export function excludedVerdicts(survey: Survey, knowledge: Knowledge): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const { folder, excluded } of survey.detailed.values()) {
    const segment = knowledge.segment(folder);
    for (const one of excluded) {
      const shown = { ...one.file, path: shownPath(one.file) };
      const known = segment.get(nameOf(shown.path));
      const reported =
        known?.state === 'excluded' && known.sizeBytes === shown.sizeBytes && known.mtimeMs === shown.mtimeMs;
      if (!reported) verdicts.push(otherVerdict(shown, one.outcome, one.error));
    }
  }
  return verdicts;
}

/** Folders that could not be read, as results of their own. */
export function unreadableVerdicts(survey: Survey): Verdict[] {
  return survey.unreadable.map(({ folder, error }) => {
    const source = {
      folder,
      name: nameOf(folder),
      path: folder,
      sizeBytes: 0,
      mtimeMs: 0,
      ctimeMs: 0,
      fileId: 0,
    };
    return otherVerdict(source, 'unreadable', `the folder cannot be read: ${error}`);
  });
}

/** The path to report: one longer than a report takes is cut. */
export function shownPath({ path }: SourceFile): string {
  if (path.length <= 4000) return path;
  return `${path.slice(0, 4000)}… [${createHash('sha256').update(path).digest('hex').slice(0, 8)}]`;
}
