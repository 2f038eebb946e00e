import type {
  AlertSummary,
  ChannelKind,
  ChannelView,
  DeliveryView,
} from '../../../shared/contract/alerts.ts';
import type { Mark } from './marks.ts';

/** Where an alert stands; a snoozed one tells nobody until then. */
export function alertMark(alert: Pick<AlertSummary, 'status' | 'snoozedUntil'>, nowMs: number): Mark {
  if (alert.status === 'resolved') return { shape: 'good', word: 'Resolved' };
  if (isSnoozed(alert, nowMs)) return { shape: 'paused', word: 'Snoozed' };
  return alert.status === 'open' ? { shape: 'warn', word: 'Open' } : { shape: 'busy', word: 'Acknowledged' };
}

export function isSnoozed(alert: Pick<AlertSummary, 'snoozedUntil'>, nowMs: number): boolean {
  return alert.snoozedUntil !== null && Date.parse(alert.snoozedUntil) > nowMs;
}

export const deliveryMarks: Record<DeliveryView['status'], Mark> = {
  pending: { shape: 'idle', word: 'Waiting' },
  sending: { shape: 'busy', word: 'Sending' },
  delivered: { shape: 'good', word: 'Delivered' },
  failed: { shape: 'bad', word: 'Failed' },
  suppressed: { shape: 'paused', word: 'Held back' },
};

export const transitionWords: Record<DeliveryView['transition'], string> = {
  opened: 'Opened',
  reopened: 'Opened again',
  worsened: 'Got worse',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  report: 'Report',
  notice: 'Notice',
  canary: 'Daily canary',
  test: 'Test',
};

export const channelKindNames: Record<ChannelKind, string> = {
  teams: 'Teams',
  email: 'E-mail',
  pagerduty: 'PagerDuty',
  jira: 'Jira Service Management',
  webhook: 'Webhook',
};

export const alertClassNames: Record<AlertSummary['class'], string> = {
  operational: 'Operational',
  security: 'Security',
  data_loss: 'Data loss',
};

/** Whether a channel works, by what it did last. */
export function channelMark(channel: ChannelView): Mark {
  if (!channel.enabled) return { shape: 'paused', word: 'Switched off' };
  const okAt = channel.lastOkAt === null ? undefined : Date.parse(channel.lastOkAt);
  const failedAt = channel.lastFailedAt === null ? undefined : Date.parse(channel.lastFailedAt);
  if (failedAt !== undefined && (okAt === undefined || failedAt > okAt))
    return { shape: 'bad', word: 'Failing' };
  return okAt === undefined ? { shape: 'idle', word: 'Not tried yet' } : { shape: 'good', word: 'Works' };
}
