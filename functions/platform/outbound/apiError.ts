import { type ErrorTag, isPermanentTag } from '../../../shared/domain/errorTags.ts';

/** What the other side said, kept as it came so that people can report it. Bounded by the client that read it; no credentials. */
export interface ApiErrorCause {
  readonly status?: number;
  /** `GET https://host/path`, without the query where that may hold secrets. */
  readonly request?: string;
  /** The body as it came: parsed JSON (JSON:API's `errors` with their `source.pointer` among it), or text. */
  readonly body?: unknown;
}

/** A failure of a third party's API, classified (SPEC W4). The message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly tag: ErrorTag;
  readonly api: ApiErrorCause;
  /** How long the other side asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    tag: ErrorTag,
    message: string,
    more: {
      readonly api?: ApiErrorCause;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.tag = tag;
    this.api = more.api ?? {};
    this.retryAfterMs = more.retryAfterMs;
  }

  /** Repeating cannot mend it. */
  get isPermanent(): boolean {
    return isPermanentTag(this.tag);
  }
}

/** Whatever was thrown, as an ApiError: what nobody classified is a failure inside, which a retry may mend. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ApiError('InternalServerError', message, { cause: error });
}
