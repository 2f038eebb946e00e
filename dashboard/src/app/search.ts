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

/** What the URL of the alerts page says; without a status the unresolved ones are shown. */
export interface AlertsSearch {
  readonly status?: string;
  readonly severity?: string;
  readonly runner?: string;
  readonly job?: string;
  /** `yes`: also those that another alert explains. */
  readonly effects?: string;
  readonly after?: string;
}

/** What the URL of the logs says; `from` and `to` are instants, `level` the lowest one shown. */
export interface LogsSearch {
  readonly runner?: string;
  readonly level?: string;
  readonly from?: string;
  readonly to?: string;
  readonly correlation?: string;
  readonly q?: string;
  readonly after?: string;
}

export interface FoldersSearch {
  readonly q?: string;
  readonly state?: string;
}

export interface DeliveriesSearch {
  readonly status?: string;
  readonly channel?: string;
  readonly after?: string;
}

/** What the URL of the changes page says; `q` is an entity's code, days are local. */
export interface ChangesSearch {
  readonly q?: string;
  readonly register?: string;
  readonly type?: string;
  readonly kind?: string;
  readonly run?: string;
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
}

type Raw = Readonly<Record<string, unknown>>;

export const readRunsSearch = (raw: Raw): RunsSearch =>
  readTexts(raw, ['q', 'type', 'status', 'runner', 'from', 'to', 'after']);
export const readFilesSearch = (raw: Raw): FilesSearch => readTexts(raw, ['q', 'state', 'after']);
export const readAuditSearch = (raw: Raw): AuditSearch => readTexts(raw, ['audit']);
export const readAlertsSearch = (raw: Raw): AlertsSearch =>
  readTexts(raw, ['status', 'severity', 'runner', 'job', 'effects', 'after']);
export const readLogsSearch = (raw: Raw): LogsSearch =>
  readTexts(raw, ['runner', 'level', 'from', 'to', 'correlation', 'q', 'after']);
export const readFoldersSearch = (raw: Raw): FoldersSearch => readTexts(raw, ['q', 'state']);
export const readDeliveriesSearch = (raw: Raw): DeliveriesSearch =>
  readTexts(raw, ['status', 'channel', 'after']);
export const readChangesSearch = (raw: Raw): ChangesSearch =>
  readTexts(raw, ['q', 'register', 'type', 'kind', 'run', 'from', 'to', 'after']);

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
