import { type ProblemCode, problems } from '../../../shared/contract/problems.ts';

export interface ProblemDetail {
  /** JSON pointers into the request, with what was wrong there. */
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  /** Facts for programs. Never secrets. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * A refusal that the caller is told about, as a problem document. `detail` is for people: what was being done, with
 * what, what was wanted. Anything else that is thrown becomes `internal` and is only logged.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly more: ProblemDetail;

  constructor(code: ProblemCode, detail: string, more: ProblemDetail = {}) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.more = more;
  }

  get status(): number {
    return problems[this.code].status;
  }
}
