export interface CallParts {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined where there was none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what a server under test claims; the assertion is the check
  readonly body: any;
}

export type ApiCall = (path: string, parts?: CallParts) => Promise<ApiAnswer>;

/** One request as a program sends it: JSON out, JSON back. */
export async function callApi(url: string, path: string, parts: CallParts = {}): Promise<ApiAnswer> {
  const { method = 'GET', body, headers = {} } = parts;
  const response = await fetch(url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}
