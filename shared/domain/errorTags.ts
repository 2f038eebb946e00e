/** What kind of failure a third party's answer is (SPEC W4). People search for these words, so they are spelled out. */
export const ERROR_TAGS = [
  'ValidationError',
  'ConflictError',
  'AuthenticationError',
  'NotFoundError',
  'RateLimitError',
  'InternalServerError',
  'ServiceUnavailableError',
  'TimeoutError',
] as const;

export type ErrorTag = (typeof ERROR_TAGS)[number];

const permanent: ReadonlySet<ErrorTag> = new Set<ErrorTag>([
  'ValidationError',
  'ConflictError',
  'AuthenticationError',
  'NotFoundError',
]);

/** Repeating cannot mend it: it fails at once and is never retried by itself. */
export function isPermanentTag(tag: ErrorTag): boolean {
  return permanent.has(tag);
}

/** What to do about a failure of that kind, for people. */
export function adviceOnTag(tag: ErrorTag): string {
  switch (tag) {
    case 'ValidationError':
      return 'The other side refused what was sent. Report it with the payload and the answer below; a retry sends the same again.';
    case 'ConflictError':
      return 'The other side holds something that contradicts what was sent. Look at the record there, then retry.';
    case 'AuthenticationError':
      return 'The credentials were refused. Renew them in the settings, then retry.';
    case 'NotFoundError':
      return 'What was asked for is not there. Check the address and the payload; a retry asks for the same again.';
    case 'RateLimitError':
      return 'The other side asked for a pause longer than was waited. Retry later.';
    case 'InternalServerError':
      return 'The other side, or this step, failed inside. Look at the vendor’s status page and at the log, then retry.';
    case 'ServiceUnavailableError':
      return 'The other side was away for longer than was waited. Look at the vendor’s status page, and retry when it is back.';
    case 'TimeoutError':
      return 'The other side did not answer in time, repeatedly. Look at the vendor’s status page, then retry.';
  }
}
