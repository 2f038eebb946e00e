import type { Message } from '../channels/channel.ts';
import type { Page } from './watchState.ts';

/** The section of the runbook about this. */
const RUNBOOK_SECTION = 'database-down';

/** What a page about the database says. The dashboard needs the database, so there is no page of it to open. */
export function pageMessage(page: Page, organizationName: string, runbookUrl: string | null): Message {
  const isOver = page.transition === 'resolved';
  const minutes = Math.max(1, Math.round((Date.parse(page.occurredAt) - Date.parse(page.since)) / 60_000));
  return {
    deliveryId: page.deliveryId,
    alertId: page.alertId,
    transition: page.transition,
    severity: 'critical',
    class: 'operational',
    title: isOver ? 'The database answers again' : 'The database does not answer',
    detail: isOver
      ? `It was silent for about ${String(minutes)} min. Agents now hand in what they archived meanwhile; deadlines are extended by the outage.`
      : `No host had an answer for ${String(minutes)} min. Agents go on copying and keep their results until it is back; nothing else is told meanwhile.`,
    organizationName,
    runnerName: null,
    jobName: null,
    occurredAt: new Date(page.occurredAt),
    openedAt: new Date(page.since),
    count: 1,
    url: null,
    runbookUrl: runbookUrl === null ? null : `${runbookUrl}#${RUNBOOK_SECTION}`,
  };
}
