import type { Services } from '../../platform/services.ts';
import type { Message, SendOutcome } from '../channels/channel.ts';
import type { Channels } from '../channels/index.ts';
import { openSecrets, SecretBoxUnopened } from '../secretBox.ts';
import { pageMessage } from './pageMessage.ts';
import type { FinishedPage, Page, WatchedChannel, WatchState } from './watchState.ts';

/** All are sent at once; the lease of the state is much longer. */
const SEND_TIMEOUT_MS = 20_000;
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 10 * 60_000;
/** After that the page is history. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/** Sends what is due and gives the state with how it went. Never throws for the other side's faults. */
export async function sendPages(
  services: Services,
  channels: Channels,
  state: WatchState,
): Promise<WatchState> {
  const nowMs = services.now().getTime();
  const due = state.pages.filter((page) => Date.parse(page.nextAttemptAt) <= nowMs);
  const outcomes = new Map(
    await Promise.all(
      due.map(async (page) => [page.deliveryId, await sendOne(services, channels, state, page)] as const),
    ),
  );
  const next = { ...state, pages: [] as Page[], finished: [...state.finished] };
  const told = new Set(state.toldChannelIds);
  for (const page of state.pages) {
    const outcome = outcomes.get(page.deliveryId);
    if (outcome === undefined) {
      next.pages.push(page);
      continue;
    }
    logOutcome(services, page, outcome);
    if (outcome.result === 'delivered' && page.transition === 'opened') told.add(page.channelId);
    const again = nextAttempt(page, outcome, services.now());
    if (again === undefined) next.finished.push(finished(page, outcome, services.now()));
    else next.pages.push(again);
  }
  return { ...next, toldChannelIds: [...told] };
}

async function sendOne(
  services: Services,
  channels: Channels,
  state: WatchState,
  page: Page,
): Promise<SendOutcome> {
  const known = state.channels.find(({ channelId }) => channelId === page.channelId);
  if (known === undefined) return refused('the channel is gone');
  const channel = channels.get(known.kind);
  if (channel === undefined) return refused(`this version has no channel of kind ${known.kind}`);
  try {
    const message: Message = pageMessage(page, known.organizationName, services.settings.RUNBOOK_URL ?? null);
    return await channel.send(message, targetOf(services, known, page), AbortSignal.timeout(SEND_TIMEOUT_MS));
  } catch (error) {
    if (error instanceof SecretBoxUnopened) return refused(error.message);
    services.log.error('a page about the database could not be sent', { channelId: page.channelId, error });
    return { result: 'retry', responseStatus: null, error: 'it could not be sent; the log says why' };
  }
}

function targetOf(services: Services, known: WatchedChannel, page: Page) {
  const { channelId, name, config, secretBox } = known;
  return {
    channelId,
    name,
    config,
    secrets: openSecrets(services.settings.AUTH_SECRET, channelId, secretBox),
    recipients: page.remainingRecipients ?? known.recipients,
  };
}

function refused(error: string): SendOutcome {
  return { result: 'refused', responseStatus: null, error };
}

/** Undefined: it needs no more. */
function nextAttempt(page: Page, outcome: SendOutcome, now: Date): Page | undefined {
  if (outcome.result !== 'retry') return undefined;
  const delayMs = Math.max(
    Math.min(FIRST_RETRY_MS * 2 ** page.attempts, LONGEST_RETRY_MS),
    (outcome.retryAfterSeconds ?? 0) * 1000,
  );
  const nextAttemptMs = now.getTime() + delayMs;
  if (nextAttemptMs > Date.parse(page.occurredAt) + GIVE_UP_AFTER_MS) return undefined;
  return {
    ...page,
    attempts: page.attempts + 1,
    nextAttemptAt: new Date(nextAttemptMs).toISOString(),
    ...(outcome.remainingRecipients === undefined
      ? {}
      : { remainingRecipients: [...outcome.remainingRecipients] }),
  };
}

function finished(page: Page, outcome: SendOutcome, now: Date): FinishedPage {
  const delivered = outcome.result === 'delivered';
  const error = delivered ? (outcome.warning ?? null) : outcome.error;
  const { responseStatus } = outcome;
  const endedAt = now.toISOString();
  return { ...page, attempts: page.attempts + 1, endedAt, delivered, error, responseStatus };
}

function logOutcome(services: Services, page: Page, outcome: SendOutcome): void {
  const { deliveryId, channelId, transition } = page;
  const facts = { deliveryId, channelId, transition, ...outcome };
  if (outcome.result === 'delivered') services.log.warn('people were told about the database', facts);
  else services.log.error('a channel did not take a page about the database', facts);
}
