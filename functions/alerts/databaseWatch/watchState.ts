import { z } from 'zod';
import { channelKind } from '../../../shared/contract/alerts.ts';
import { trouble } from './trouble.ts';

/** A channel as it is known without the database; its secrets stay sealed. */
const watchedChannel = z.object({
  channelId: z.string(),
  organizationId: z.string(),
  organizationName: z.string(),
  kind: channelKind,
  name: z.string(),
  config: z.record(z.string(), z.unknown()),
  secretBox: z.string().nullable(),
  recipients: z.array(z.string()),
});
export type WatchedChannel = z.infer<typeof watchedChannel>;

/** A message about the database that is still to be sent; the id is the same on every attempt. */
const page = z.object({
  deliveryId: z.string(),
  channelId: z.string(),
  alertId: z.string(),
  transition: z.enum(['opened', 'resolved']),
  /** Pages of an earlier version knew of one only. */
  trouble: trouble.default('silent'),
  since: z.iso.datetime(),
  occurredAt: z.iso.datetime(),
  attempts: z.int(),
  nextAttemptAt: z.iso.datetime(),
  /** E-mail that some have already: the others. */
  remainingRecipients: z.array(z.string()).optional(),
});
export type Page = z.infer<typeof page>;

/** One that needs no more attempts, until the database has a row of it. */
const finishedPage = page.extend({
  endedAt: z.iso.datetime(),
  delivered: z.boolean(),
  /** Of a delivered one: who will never have it. */
  error: z.string().nullable(),
  responseStatus: z.int().nullable(),
});
export type FinishedPage = z.infer<typeof finishedPage>;

/**
 * What all hosts together know of the database, kept outside of it. `well` → `suspected` at the first trouble → `down`
 * when no host found it well for the settle time, and people are told → `well` when every host that asked found it well
 * for as long, and they are told again.
 */
export const watchState = z.object({
  phase: z.enum(['well', 'suspected', 'down']),
  /** When the trouble began. */
  since: z.iso.datetime().nullable(),
  /** While `down`: what people were told of. */
  trouble: trouble.nullable().default(null),
  /** While `down`: since when it was well again. */
  wellSince: z.iso.datetime().nullable(),
  alertId: z.string().nullable(),
  /** Channels that took the page, and so hear of the end. */
  toldChannelIds: z.array(z.string()),
  pages: z.array(page),
  finished: z.array(finishedPage),
  channels: z.array(watchedChannel),
  channelsReadAt: z.iso.datetime().nullable(),
});
export type WatchState = z.infer<typeof watchState>;

export const noWatchState: WatchState = {
  phase: 'well',
  since: null,
  trouble: null,
  wellSince: null,
  alertId: null,
  toldChannelIds: [],
  pages: [],
  finished: [],
  channels: [],
  channelsReadAt: null,
};
