import type { Trouble } from './trouble.ts';
import type { Page, WatchState } from './watchState.ts';

/** One host asked the database. */
export interface Look {
  /** Null: it is well. */
  readonly trouble: Trouble | null;
  readonly at: Date;
  /** So long must it be in trouble before people are told, and be well before they are told that it is over. */
  readonly settleMs: number;
  readonly newId: () => string;
}

/** The state after one more look, with the pages that follow from it. Pure but for `newId`. */
export function afterLook(state: WatchState, look: Look): WatchState {
  return look.trouble === null ? afterWell(state, look) : afterTrouble(state, look.trouble, look);
}

/** What people are told of is what it is when they are told. */
function afterTrouble(state: WatchState, trouble: Trouble, { at, settleMs, newId }: Look): WatchState {
  if (state.phase === 'down') return { ...state, wellSince: null };
  if (state.phase === 'well' || state.since === null) {
    return { ...state, phase: 'suspected', since: at.toISOString() };
  }
  if (at.getTime() - Date.parse(state.since) < settleMs) return state;
  const alertId = newId();
  const { since } = state;
  const pages = state.channels.map(({ channelId }) =>
    newPage({ channelId, alertId, since, trouble, transition: 'opened' }, at, newId),
  );
  const told = { toldChannelIds: [], pages: [...state.pages, ...pages] };
  return { ...state, ...told, phase: 'down', wellSince: null, alertId, trouble };
}

/** A page that nobody got before the end is not sent after it, and who did not get it hears of no end. */
function afterWell(state: WatchState, { at, settleMs, newId }: Look): WatchState {
  const quiet = { phase: 'well', since: null, trouble: null, wellSince: null, alertId: null } as const;
  const { alertId, since } = state;
  const trouble = state.trouble ?? 'silent';
  if (state.phase !== 'down' || alertId === null || since === null) return { ...state, ...quiet };
  if (state.wellSince === null) return { ...state, wellSince: at.toISOString() };
  if (at.getTime() - Date.parse(state.wellSince) < settleMs) return state;
  const ends = state.toldChannelIds.map((channelId) =>
    newPage({ channelId, alertId, since, trouble, transition: 'resolved' }, at, newId),
  );
  const pages = [...state.pages.filter((page) => page.transition === 'resolved'), ...ends];
  return { ...state, ...quiet, toldChannelIds: [], pages };
}

function newPage(
  facts: Pick<Page, 'channelId' | 'alertId' | 'since' | 'trouble' | 'transition'>,
  at: Date,
  newId: () => string,
): Page {
  const now = at.toISOString();
  return { ...facts, deliveryId: newId(), occurredAt: now, attempts: 0, nextAttemptAt: now };
}
