/** What a key means to the page; which comes next may depend on the one before (`g` then a letter). */
export type KeyMeaning =
  | { readonly kind: 'search' }
  | { readonly kind: 'help' }
  | { readonly kind: 'row'; readonly step: 1 | -1 }
  | { readonly kind: 'prefix' }
  | { readonly kind: 'page'; readonly key: string };

/** A pure rule: the key pressed and whether `g` was pressed just before; undefined where the key is the browser's. */
export function keyMeaning(key: string, afterPrefix: boolean): KeyMeaning | undefined {
  if (afterPrefix) return /^[a-z]$/.test(key) ? { kind: 'page', key } : undefined;
  if (key === '/') return { kind: 'search' };
  if (key === '?') return { kind: 'help' };
  if (key === 'j') return { kind: 'row', step: 1 };
  if (key === 'k') return { kind: 'row', step: -1 };
  return key === 'g' ? { kind: 'prefix' } : undefined;
}

export interface KeyboardActions {
  goTo(key: string): void;
  search(): void;
  help(): void;
}

const PREFIX_MS = 1500;

/** Listens until the returned function is called. Keys typed into fields and dialogs are left alone. */
export function listenToKeys(page: Document, actions: KeyboardActions): () => void {
  let prefixUntil = 0;
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const meaning = keyMeaning(event.key, event.timeStamp < prefixUntil);
    prefixUntil = meaning?.kind === 'prefix' ? event.timeStamp + PREFIX_MS : 0;
    if (meaning === undefined) return;
    event.preventDefault();
    if (meaning.kind === 'page') actions.goTo(meaning.key);
    if (meaning.kind === 'search') actions.search();
    if (meaning.kind === 'help') actions.help();
    if (meaning.kind === 'row') focusRow(page, meaning.step);
  };
  page.addEventListener('keydown', onKey);
  return () => page.removeEventListener('keydown', onKey);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog') !== null;
}

/** Rows mark themselves with `data-row`; their first link or button takes the focus. */
function focusRow(page: Document, step: 1 | -1): void {
  const rows = [...page.querySelectorAll('main [data-row]')];
  const current = rows.findIndex((row) => row.contains(page.activeElement));
  const next = current === -1 ? (step === 1 ? 0 : rows.length - 1) : current + step;
  rows[next]?.querySelector<HTMLElement>('a, button, summary')?.focus();
}
