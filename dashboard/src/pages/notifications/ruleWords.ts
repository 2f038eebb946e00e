import type { AlertRule, ChannelView } from '../../../../shared/contract/alerts.ts';
import { alertClassNames } from '../../format/alertMarks.ts';
import { sayAmount } from '../../format/amount.ts';

const severityWords = {
  info: 'Every severity',
  warning: 'Warnings and critical ones',
  critical: 'Critical ones',
} as const;

/** What a rule is about, in a sentence: `Critical ones, class security, of ARGO1 and ARGO2`. */
export function sayMatch(match: AlertRule['match'], nameOfRunner: (runnerId: string) => string): string {
  const { minSeverity, classes = [], sources = [], runnerIds = [], groupIds = [] } = match;
  return [
    severityWords[minSeverity],
    classes.length === 0
      ? ''
      : `, class ${classes.map((one) => alertClassNames[one].toLowerCase()).join(' or ')}`,
    sources.length === 0 ? '' : `, found by ${sources.join(' or ')}`,
    runnerIds.length === 0 ? '' : `, of ${shortList(runnerIds.map(nameOfRunner))}`,
    groupIds.length === 0 ? '' : `, of ${sayAmount(groupIds.length, 'group')}`,
  ].join('');
}

/** Whom one route tells: the channel, and for e-mail the addresses. */
export function sayRoute(
  route: AlertRule['routes'][number],
  channels: readonly Pick<ChannelView, 'channelId' | 'name' | 'kind'>[],
): string {
  const channel = channels.find((one) => one.channelId === route.channelId);
  const name = channel?.name ?? 'a channel that is gone';
  if (route.recipients.length > 0) return `${name}: ${route.recipients.join(', ')}`;
  return channel?.kind === 'email' ? `${name}: its usual recipients` : name;
}

function shortList(names: readonly string[]): string {
  return names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
