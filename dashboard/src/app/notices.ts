import { createStore, type Store } from './store.ts';

/** What was just done, in one sentence; announced politely and gone after a while. */
export interface Notice {
  readonly id: number;
  readonly text: string;
}

export interface Notices extends Pick<Store<readonly Notice[]>, 'read' | 'subscribe'> {
  say(text: string): void;
  dismiss(id: number): void;
}

const SHOWN_MS = 9000;

export function createNotices(): Notices {
  const shown = createStore<readonly Notice[]>([]);
  let lastId = 0;
  const dismiss = (id: number) => shown.write(shown.read().filter((notice) => notice.id !== id));
  return {
    read: shown.read,
    subscribe: shown.subscribe,
    dismiss,
    say: (text) => {
      lastId += 1;
      const id = lastId;
      shown.write([...shown.read().slice(-2), { id, text }]);
      setTimeout(() => dismiss(id), SHOWN_MS);
    },
  };
}
