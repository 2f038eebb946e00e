import type { Message } from '../channels/channel.ts';
import { troubleWords } from './trouble.ts';
import type { Page } from './watchState.ts';

/** What a page about the database says. The dashboard needs the database, so there is no page of it to open. */
export function pageMessage(page: Page, organizationName: string, runbookUrl: string | null): Message {
  const words = troubleWords[page.trouble];
  const isOver = page.transition === 'resolved';
  const minutes = Math.max(1, Math.round((Date.parse(page.occurredAt) - Date.parse(page.since)) / 60_000));
  return {
    deliveryId: page.deliveryId,
    alertId: page.alertId,
    transition: page.transition,
    severity: 'critical',
    class: 'operational',
    title: isOver ? words.over : words.title,
    detail: isOver
      ? `That lasted about ${String(minutes)} min. Agents now hand in what they archived meanwhile; deadlines are extended by the outage.`
      : words.detail(String(minutes)),
    organizationName,
    runnerName: null,
    jobName: null,
    occurredAt: new Date(page.occurredAt),
    openedAt: new Date(page.since),
    count: 1,
    url: null,
    runbookUrl: runbookUrl === null ? null : `${runbookUrl}#${words.runbook}`,
  };
}
