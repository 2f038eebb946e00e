/** Whether two ETags name the same state of a file. Headers quote them, some listings do not; that is no difference. */
export function isSameEtag(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

function bare(etag: string): string {
  return etag.length >= 2 && etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag;
}

/** When the share last changed a file, as it says so: to the second, and by ETag within it. */
export interface ShareState {
  readonly modifiedAt: Date;
  readonly etag: string;
}

/**
 * Whether a state of a file on the share is the other one or came after it. Last-Modified has whole seconds; within one
 * the ETag decides: Azure Files makes it of the clock's ticks in hexadecimal, `"0x8DC3F0A1B2C3D4E"`, so that it rises with
 * every write and, always being of one length and case, does so as text by code point. `isNotOlderState` is the same in SQL.
 */
export function isNotOlder(one: ShareState, other: ShareState): boolean {
  const [at, otherAt] = [one.modifiedAt.getTime(), other.modifiedAt.getTime()];
  return at === otherAt ? bare(one.etag) >= bare(other.etag) : at > otherAt;
}
