import { z } from 'zod';
import { alertClass, severity, transition } from '../../shared/contract/alerts.ts';
import type { Message } from './channels/channel.ts';
import { reportBody } from './channels/reportBody.ts';

/** A message as the outbox keeps it: what was so when it happened. Addresses are added when it is sent. */
const storedForm = z.object({
  alertId: z.string().nullable(),
  transition,
  severity,
  class: alertClass,
  title: z.string(),
  detail: z.string(),
  organizationName: z.string(),
  runnerName: z.string().nullable(),
  jobName: z.string().nullable(),
  occurredAt: z.iso.datetime(),
  openedAt: z.iso.datetime().nullable(),
  count: z.number(),
  runbook: z.string().nullish(),
  report: reportBody.optional(),
  /** Of a report: where the dashboard shows it, `/runs/…`. */
  page: z.string().optional(),
  /** The receiver heard no more than that there is a security alert. */
  withoutDetail: z.boolean().optional(),
  /** E-mail that some have already: the others, to whom the next attempt goes. */
  remainingRecipients: z.array(z.string()).optional(),
});

export type StoredMessage = z.infer<typeof storedForm>;

export function storedMessage(message: Message): StoredMessage {
  const { occurredAt, openedAt, deliveryId: _id, url: _url, runbookUrl: _runbookUrl, ...rest } = message;
  return {
    ...rest,
    occurredAt: occurredAt.toISOString(),
    openedAt: openedAt?.toISOString() ?? null,
  };
}

/** Where people find the platform and its runbook, as far as it knows. */
export interface Addresses {
  readonly dashboard: string | null;
  readonly runbook: string | null;
}

/** The message to send. Throws for a row that this version did not write. */
export function sendableMessage(deliveryId: string, stored: unknown, addresses: Addresses): Message {
  const { occurredAt, openedAt, runbook, ...own } = storedForm.parse(stored);
  const { withoutDetail: _hidden, remainingRecipients: _remaining, page, ...rest } = own;
  const { dashboard, runbook: runbookAt } = addresses;
  const path = rest.alertId === null ? (page ?? null) : `/alerts/${rest.alertId}`;
  return {
    ...rest,
    deliveryId,
    occurredAt: new Date(occurredAt),
    openedAt: openedAt === null ? null : new Date(openedAt),
    url: dashboard === null || path === null ? null : dashboard + path,
    runbookUrl: runbookAt === null || typeof runbook !== 'string' ? null : `${runbookAt}#${runbook}`,
  };
}
