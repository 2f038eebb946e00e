/**
 * What can happen to one file in a run (SPEC F15): each case has exactly one outcome.
 * `state` is what the run's totals count; `retry` says whether a later cycle looks at the file again although
 * size and time have not changed.
 */
export const outcomes = {
  /** The whole file is on the share: bytes, hash, time and whole mark. */
  archived: { state: 'archived', retry: false },
  /** It was already whole on the share with the same content; nothing was written. */
  already_archived: { state: 'archived', retry: false },
  /** The source changed after an earlier archiving; kept beside it under its own name. */
  archived_changed: { state: 'archived', retry: false },
  /** Still being written: changed within the quiet time, or grew while it was read. */
  still_writing: { state: 'skipped', retry: true },
  /** Changed while it was being uploaded; what was sent is not marked whole. */
  changed_during_upload: { state: 'skipped', retry: true },
  /** Held by another program. */
  locked: { state: 'skipped', retry: true },
  /** Gone before it could be read, and not archived: data loss. */
  vanished: { state: 'failed', retry: false },
  /** Gone before it was finished: still being written when it was last seen. Nothing that was ever whole is lost. */
  vanished_unfinished: { state: 'skipped', retry: false },
  /** Renamed while the run looked: the old name is gone, the same content stands under the new one. */
  renamed: { state: 'skipped', retry: false },
  /** The file system gave an error on reading. */
  unreadable: { state: 'failed', retry: true },
  /** Azure Files cannot hold the name; `error` says why. */
  name_unsupported: { state: 'skipped', retry: false },
  /** The name is no valid Unicode; the path is shown with its bytes escaped. */
  name_not_unicode: { state: 'skipped', retry: false },
  /** Differs only in case from another file of the source that holds the name. */
  name_case_conflict: { state: 'skipped', retry: false },
  /** The share refused, did not answer or was too slow within the file's time budget. */
  share_unavailable: { state: 'failed', retry: true },
  /** The file's time budget ran out; the upload goes on in the next cycle. */
  out_of_time: { state: 'failed', retry: true },
  /** The server refused the report of it as malformed; what the report was, the agent keeps on its own disk. */
  report_refused: { state: 'failed', retry: true },
} as const satisfies Record<string, { state: 'archived' | 'skipped' | 'failed'; retry: boolean }>;

export type Outcome = keyof typeof outcomes;
export type FileState = 'waiting' | 'uploading' | 'archived' | 'skipped' | 'failed';

export const outcomeNames = Object.keys(outcomes) as [Outcome, ...Outcome[]];

/** Nothing more comes of the file: what is said of it later, of an attempt before, does not count. */
export function isFinal(outcome: Outcome): boolean {
  return !outcomes[outcome].retry;
}
