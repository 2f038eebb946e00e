/** What the URL of the runs page says; days are local (`2026-04-13`), `after` is where an older page begins. */
export interface RunsSearch {
  readonly q?: string;
  readonly type?: string;
  readonly status?: string;
  readonly runner?: string;
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
}

/** What the URL of a run says about its files. */
export interface FilesSearch {
  readonly q?: string;
  readonly state?: string;
  readonly after?: string;
}

export interface AuditSearch {
  readonly audit?: string;
}

type Raw = Readonly<Record<string, unknown>>;

export const readRunsSearch = (raw: Raw): RunsSearch =>
  readTexts(raw, ['q', 'type', 'status', 'runner', 'from', 'to', 'after']);
export const readFilesSearch = (raw: Raw): FilesSearch => readTexts(raw, ['q', 'state', 'after']);
export const readAuditSearch = (raw: Raw): AuditSearch => readTexts(raw, ['audit']);

/** Takes the named texts and leaves everything else out; a number typed into the URL is a text here. */
function readTexts<Name extends string>(raw: Raw, names: readonly Name[]): Partial<Record<Name, string>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = raw[name];
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text !== '') texts[name] = text;
  }
  return texts;
}

/** Changes part of a search, drops what became empty and goes back to its first page. */
export function changeSearch<Search extends object>(
  search: Search,
  change: { readonly [Name in keyof Search]?: Search[Name] | '' | undefined },
): Search {
  const entries: Array<[string, unknown]> = Object.entries({ ...search, after: undefined, ...change });
  return Object.fromEntries(entries.filter(([, value]) => value !== '' && value !== undefined)) as Search;
}
