/** What tells one folder from another that took its place: a mount over it, an empty mount point below it. */
export interface RootMark {
  readonly device: number;
  readonly fileId: number;
  /** The operator's own mark, a file `.datasync-source`, stands in the source. */
  readonly marked: boolean;
}

/** What the agent knew of a source when a cycle last ended. */
export interface SourceBefore {
  readonly files: number;
  readonly root: RootMark | undefined;
}

/** What a scan found; `missing`: the folder itself is not there or cannot be read. */
export type SourceNow =
  | { readonly missing: string }
  | {
      readonly files: number;
      /** Of the known files, those that still stand, changed or not; those that could not be looked at count too. */
      readonly standing: number;
      /** Of the archived files, those that now have another size or time. */
      readonly rewritten: number;
      readonly root: RootMark;
    };

export const tripKinds = ['missing', 'unmarked', 'empty', 'another_source', 'rewritten'] as const;

/** Why a job must pause: no conclusion may be drawn from what its source looks like. */
export interface Trip {
  readonly kind: (typeof tripKinds)[number];
  /** A sentence for people, with numbers. */
  readonly reason: string;
  /** Of the known files, the part that was rewritten. */
  readonly rewrittenShare: number;
}

/** A source with fewer known files never trips: single files come and go. */
export const SMALL_SOURCE_FILES = 100;
/** A source keeps at least this part of its files from one look to the next, whatever an instrument's cap does. */
const KEPT_SHARE = 0.1;
/** More than this part of the known files with new content at once is no instrument at work. */
const REWRITTEN_SHARE = 0.5;

/**
 * Judges a source by what was known of it (SPEC F16); undefined: go on. `acceptedShare` is the part of rewritten files
 * that an operator has accepted before. Never trips for a source that was never seen, for a small one, or for an instrument
 * that deletes its oldest files for new ones: the number of its files stays. A source with the operator's mark may be
 * emptied, because the mark proves that it is the folder it was; without the mark that was there before, it is not.
 */
export function judgeSource(before: SourceBefore, now: SourceNow, acceptedShare = 0): Trip | undefined {
  if ('missing' in now) {
    if (before.files < SMALL_SOURCE_FILES && before.root?.marked !== true) return undefined;
    return trip('missing', `the source with ${count(before.files)} is missing: ${now.missing}`);
  }
  if (before.root?.marked === true && !now.root.marked)
    return trip(
      'unmarked',
      `the file .datasync-source is gone from the source: another folder may be in its place`,
    );
  if (before.files < SMALL_SOURCE_FILES) return undefined;
  const isElsewhere =
    before.root !== undefined &&
    (before.root.device !== now.root.device || before.root.fileId !== now.root.fileId);
  if (!now.root.marked) {
    if (now.files < before.files * KEPT_SHARE)
      return trip(
        'empty',
        `the source had ${count(before.files)} and now has ${count(now.files)}${isElsewhere ? '; another folder or disk is in its place' : ''}`,
      );
    if (isElsewhere && now.standing < before.files * KEPT_SHARE)
      return trip(
        'another_source',
        `another folder or disk is in the place of the source: of ${count(before.files)} only ${String(now.standing)} still stand`,
      );
  }
  const share = now.rewritten / before.files;
  if (now.rewritten < SMALL_SOURCE_FILES || share <= Math.max(REWRITTEN_SHARE, acceptedShare))
    return undefined;
  return trip(
    'rewritten',
    `${count(now.rewritten)} of ${String(before.files)} that were archived have new content at once`,
    share,
  );
}

function trip(kind: Trip['kind'], reason: string, rewrittenShare = 0): Trip {
  return { kind, reason, rewrittenShare };
}

function count(files: number): string {
  return `${String(files)} ${files === 1 ? 'file' : 'files'}`;
}
