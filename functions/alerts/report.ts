import type { Db } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import type { ReportBody } from './channels/reportBody.ts';
import { enqueue } from './outbox.ts';
import { reportRoutes } from './reportRoutes.ts';
import { readSituation } from './situation.ts';
import { storedMessage } from './storedMessage.ts';

export type { ReportTable } from './channels/reportBody.ts';

/** What people are told though nothing needs them: how a cycle of a register went. By e-mail only. */
export interface Report extends ReportBody {
  readonly organizationId: string;
  /** A report with the same key is the same, however often it is sent; at most 250 characters. */
  readonly key: string;
  /** What a rule names that says who gets it. */
  readonly sources: readonly string[];
  readonly severity: 'info' | 'warning';
  /** May hold foreign text. */
  readonly title: string;
  /** May hold foreign text. */
  readonly detail: string;
  /** Where the dashboard shows it, `/runs/…`. */
  readonly page: string;
}

/**
 * Puts a report into the outbox, in the transaction of what it tells; from then on it is delivered like every
 * notification. Once a key and channel: sent again, it stays as it was first.
 */
export async function sendReport(tx: Db, report: Report, context: WriteContext): Promise<void> {
  const { organizationId, key, sources, severity, title, detail, page, lead, facts, tables } = report;
  const { organizationName, rules, channels } = await readSituation(tx, organizationId, context.at);
  const message = {
    ...storedMessage({
      deliveryId: '',
      alertId: null,
      transition: 'report',
      severity,
      class: 'operational',
      title,
      detail,
      organizationName,
      runnerName: null,
      jobName: null,
      occurredAt: context.at,
      openedAt: null,
      count: 1,
      url: null,
      runbookUrl: null,
      report: { lead, facts, tables },
    }),
    page,
  };
  const notifications = reportRoutes({ severity, sources }, rules, channels).map(
    ({ channelId, recipients }) => ({
      organizationId,
      alertId: null,
      transition: 'report' as const,
      dedupKey: `${key}:${channelId}`,
      channelId,
      recipients,
      message,
      status: 'pending' as const,
    }),
  );
  await enqueue(tx, notifications, context);
}
