import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import { hostStorageOf } from '../../platform/storageAccess.ts';
import type { DirectTimer } from '../../platform/timers/directTimer.ts';
import { DATABASE_WATCH, DATABASE_WATCH_SCHEDULE, lookAtDatabase } from './look.ts';
import { afterLook } from './outage.ts';
import type { Trouble } from './trouble.ts';
import type { WatchBlob } from './watchBlob.ts';
import type { WatchState } from './watchState.ts';

/** A changed channel or rule is known without the database after this at the latest. */
const CHANNELS_KEPT_MS = 5 * 60_000;

/**
 * Watches the database from outside of it, and tells people when it is gone, full or read-only (SPEC S4, S9): no alert can
 * be written down then. Several hosts decide together by a state in a leased blob: a page goes out once, and only when none
 * of them found it well for `DATABASE_DOWN_SECONDS`. When the storage account does not answer either, nothing is sent and it is logged.
 */
export const databaseWatchTimer: DirectTimer = {
  name: DATABASE_WATCH,
  schedule: DATABASE_WATCH_SCHEDULE,
  work: async (services) => watchDatabase(services, await blobOf(services)),
};

const blobOf = perServices(async ({ settings }: Services) => {
  const { openWatchBlob } = await import('./watchBlob.ts');
  return openWatchBlob(hostStorageOf(settings));
});

/** One look by one host. Idempotent but for time; rejects when the storage account does not answer. */
export async function watchDatabase(services: Services, blob: WatchBlob): Promise<void> {
  const trouble = await lookAtDatabase(services);
  const isWell = trouble === null;
  if (isWell && needsNothing(await blob.read(), services.now())) return;
  await blob.hold(async (before, save) => {
    const at = services.now();
    const settleMs = services.settings.DATABASE_DOWN_SECONDS * 1000;
    let state = afterLook(before, { trouble, at, settleMs, newId: services.newId });
    if (state.phase !== before.phase) logPhase(services, state, trouble);
    if (isWell) state = await withFreshChannels(services, state);
    // What is to be sent is known to every host before it is sent: a host that dies in between repeats no other id.
    await save(state);
    if (state.pages.length > 0) {
      const { channelsOf } = await import('../channels/index.ts');
      const { sendPages } = await import('./sendPages.ts');
      state = await sendPages(services, channelsOf(services), state);
      await save(state);
    }
    if (isWell && state.finished.length > 0) await save(await recorded(services, state));
  });
}

function needsNothing(state: WatchState, now: Date): boolean {
  const isQuiet = state.phase === 'well' && state.pages.length === 0 && state.finished.length === 0;
  return isQuiet && areFresh(state, now);
}

function areFresh({ channelsReadAt }: WatchState, now: Date): boolean {
  return channelsReadAt !== null && now.getTime() - Date.parse(channelsReadAt) < CHANNELS_KEPT_MS;
}

/** The database may go between the look and this: what was known before is kept then. */
async function withFreshChannels(services: Services, state: WatchState): Promise<WatchState> {
  const now = services.now();
  if (areFresh(state, now)) return state;
  try {
    const { criticalChannels } = await import('./criticalChannels.ts');
    const channels = await criticalChannels(services.database.db, now);
    return { ...state, channels, channelsReadAt: now.toISOString() };
  } catch (error) {
    services.log.warn('the channels for pages about the database could not be read', { error });
    return state;
  }
}

async function recorded(services: Services, state: WatchState): Promise<WatchState> {
  try {
    const { recordPages } = await import('./record.ts');
    await recordPages(services.database.db, state);
    return { ...state, finished: [] };
  } catch (error) {
    services.log.warn('pages about the database could not be recorded; the next look tries again', { error });
    return state;
  }
}

function logPhase({ log }: Services, { phase, since, channels }: WatchState, trouble: Trouble | null): void {
  if (phase === 'well') log.warn('the database is well again');
  else if (phase === 'suspected') log.warn('the database is not well', { since, trouble });
  else log.error('the database is down; people are told', { since, trouble, channels: channels.length });
}
