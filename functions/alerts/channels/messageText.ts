import { instantText } from '../../../shared/domain/age.ts';
import type { Message } from './channel.ts';

/** What happened in a word or two, before the title: `CRITICAL`, `Resolved`. Ours, never foreign text. */
export function lead({ transition, severity, class: alertClass, report }: Message): string {
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
    case 'report':
      return report?.lead ?? 'Report';
    case 'notice':
      return 'Notice';
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
  const { runnerName, jobName, openedAt, count, alertId, report } = message;
  const facts: (Fact | undefined)[] = [
    { name: 'Organization', value: message.organizationName },
    runnerName === null ? undefined : { name: 'Runner', value: runnerName },
    jobName === null ? undefined : { name: 'Job', value: jobName },
    openedAt === null ? undefined : { name: 'Since', value: instantText(openedAt) },
    { name: 'At', value: instantText(message.occurredAt) },
    count > 1 ? { name: 'Met', value: `${String(count)} times` } : undefined,
    alertId === null ? undefined : { name: 'Alert', value: alertId },
  ];
  return [...facts.filter((fact) => fact !== undefined), ...(report?.facts ?? [])];
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
