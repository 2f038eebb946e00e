/** One of the errors of an API's answer, as far as it says them (JSON:API `errors[]`). */
export interface ApiFault {
  /** Where in the payload: `/data/attributes/email`. */
  readonly pointer: string | null;
  readonly text: string;
}

/** The errors that a stored cause holds; empty where it has another form. */
export function faultsOf(cause: unknown): readonly ApiFault[] {
  const errors = errorsIn(cause);
  return errors.map(faultOf).filter((fault) => fault !== undefined);
}

/** The list stands in the body, or in the body below what was kept beside it (`status`, `url`). */
function errorsIn(cause: unknown): readonly unknown[] {
  const found = [cause, field(cause, 'body')].map((place) => field(place, 'errors'));
  return found.find((list) => Array.isArray(list)) ?? [];
}

function faultOf(error: unknown): ApiFault | undefined {
  const source = field(error, 'source');
  const pointer = text(field(source, 'pointer')) ?? text(field(source, 'parameter')) ?? null;
  const said = [field(error, 'title'), field(error, 'detail')].map(text).filter((part) => part !== undefined);
  const code = text(field(error, 'code')) ?? text(field(error, 'status'));
  const words = said.length > 0 ? said.join(': ') : (code ?? '');
  if (pointer === null && words === '') return undefined;
  return { pointer, text: said.length > 0 && code !== undefined ? `${words} (${code})` : words };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
