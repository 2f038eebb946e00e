/**
 * The sentence in which an API's error body says what is wrong, where it has one of the usual shapes: JSON:API
 * (`errors[].detail`, `source.pointer`), problem details (`detail`), `error.message`, `message`, `Fault.Error[].Message`.
 */
export function saidByBody(body: unknown): string | undefined {
  if (typeof body === 'string') return wordsOf(body);
  const first = member(member(body, 'errors'), 0) ?? member(member(member(body, 'Fault'), 'Error'), 0);
  const error = first ?? member(body, 'error') ?? body;
  if (typeof error === 'string') return error;
  const said = textOf(error, ['detail', 'Detail', 'message', 'Message', 'title', 'error_description']);
  const pointer = member(member(error, 'source'), 'pointer') ?? member(member(error, 'source'), 'parameter');
  if (said === undefined) return undefined;
  return typeof pointer === 'string' ? `${said} (${pointer})` : said;
}

function textOf(value: unknown, names: readonly string[]): string | undefined {
  return names.map((name) => member(value, name)).find((text) => typeof text === 'string' && text !== '') as
    | string
    | undefined;
}

function member(value: unknown, name: string | number): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string | number, unknown>)[name]
    : undefined;
}

/** Of a page for people, only its text. */
function wordsOf(text: string): string | undefined {
  const words = text
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? undefined : words.slice(0, 200);
}
