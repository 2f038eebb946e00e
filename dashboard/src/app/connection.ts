import { createStore, type Store } from './store.ts';

/** Whether the server answers. `failingSince` is null while it does; times are this machine's, in ms. */
export interface ConnectionState {
  readonly lastAnswerAt: number | null;
  readonly failingSince: number | null;
  /** For people who ask why: the last error's own words. */
  readonly reason: string;
}

export interface Connection extends Pick<Store<ConnectionState>, 'read' | 'subscribe'> {
  answered(): void;
  failed(reason: string): void;
}

export function createConnection(now: () => number): Connection {
  const state = createStore<ConnectionState>({ lastAnswerAt: null, failingSince: null, reason: '' });
  return {
    read: state.read,
    subscribe: state.subscribe,
    answered: () => state.write({ lastAnswerAt: now(), failingSince: null, reason: '' }),
    failed: (reason) => {
      const { lastAnswerAt, failingSince } = state.read();
      state.write({ lastAnswerAt, failingSince: failingSince ?? now(), reason });
    },
  };
}
