import type { Message } from './channel.ts';

/** What happened in a word or two, before the title: `CRITICAL`, `Resolved`. Ours, never foreign text. */
export function lead({ transition, severity, class: alertClass }: Message): string {
  const level = `${alertClass === 'data_loss' ? 'DATA LOSS, ' : ''}${severity.toUpperCase()}`;
  switch (transition) {
    case 'opened':
      return level;
    case 'reopened':
      return `${level} again`;
    case 'worsened':
      return `Now ${level}`;
    case 'acknowledged':
      return 'Acknowledged';
    case 'resolved':
      return 'Resolved';
    case 'canary':
      return 'Daily check of this channel';
    case 'test':
      return 'Test';
  }
}

/** Names are ours, values may be foreign text. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** What stands below title and detail on every channel. */
export function factsOf(message: Message): readonly Fact[] {
  const { runnerName, jobName, openedAt, count, alertId } = message;
  const facts: (Fact | undefined)[] = [
    { name: 'Organization', value: message.organizationName },
    runnerName === null ? undefined : { name: 'Runner', value: runnerName },
    jobName === null ? undefined : { name: 'Job', value: jobName },
    openedAt === null ? undefined : { name: 'Since', value: instantText(openedAt) },
    { name: 'At', value: instantText(message.occurredAt) },
    count > 1 ? { name: 'Met', value: `${String(count)} times` } : undefined,
    alertId === null ? undefined : { name: 'Alert', value: alertId },
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** `2026-11-22 14:05 UTC`: readers sit in several zones. */
function instantText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Pages to open, ours: nothing else in a message becomes a link. */
export function linksOf(message: Message): readonly { readonly title: string; readonly url: string }[] {
  const links = [
    { title: 'Open in DataSync', url: message.url },
    { title: 'What to do', url: message.runbookUrl },
  ];
  return links.flatMap(({ title, url }) =>
    url === null || !/^https?:\/\//.test(url) ? [] : [{ title, url }],
  );
}
