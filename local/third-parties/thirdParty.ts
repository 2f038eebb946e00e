/** A request as a simulated API sees it. */
export interface PartyRequest {
  readonly method: string;
  /** Below the party's own address, `/people`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** `http://127.0.0.1:4011/people`: what links in answers begin with. */
  readonly baseUrl: string;
  /** The rows of a collection; none while the fault `emptied` strikes. */
  rows<Row>(collection: readonly Row[]): readonly Row[];
}

export interface PartyAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
}

/** What went wrong, for a party to say in its own form. */
export interface PartyError {
  readonly status: number;
  readonly detail: string;
  /** A JSON pointer into what was sent. */
  readonly pointer?: string | undefined;
}

/** So many requests in so long; more are answered 429. */
export interface RateLimit {
  readonly requests: number;
  readonly periodSeconds: number;
}

/** A simulated API: what it holds, and how it answers. Its file cites the public documentation of its shapes. */
export interface ThirdParty {
  /** What credentials it takes, as Bearer or as a part of Basic; left out: it is public. */
  readonly key?: string;
  readonly limit?: RateLimit;
  /** Under which settings a connector reaches it, given its address. */
  settings(url: string): Readonly<Record<string, string>>;
  answer(request: PartyRequest): PartyAnswer;
  error(error: PartyError): PartyAnswer;
  /** Changes a little of what it holds, as life does; the demo calls it with 0, 1, 2… */
  evolve?(turn: number): void;
}

/** How many entities a party holds at first, of its main kind. */
export interface PartyOptions {
  readonly size: number;
}
