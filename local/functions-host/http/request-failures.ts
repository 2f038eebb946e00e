/** The client must change its request; the answer has this status and no body. */
export class RefusedRequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RefusedRequest';
    this.status = status;
  }
}

/** The client went away: nothing failed here, and nobody is left to answer. */
export class ClientGone extends Error {
  constructor(doing: string, cause: unknown) {
    super(`The client went away while ${doing}.`, { cause });
    this.name = 'ClientGone';
  }
}
