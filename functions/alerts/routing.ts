import type { z } from 'zod';
import type { ruleBody } from '../../shared/contract/alerts.ts';
import type { ChannelKind } from '../../shared/contract/alerts.ts';
import { type AlertRow, isWorse } from './alertRow.ts';

export type Rule = Pick<z.infer<typeof ruleBody>, 'enabled' | 'match' | 'routes'>;

export interface RoutedChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly defaultRecipients: readonly string[];
}

/** One channel that is told of an alert. */
export interface Route {
  readonly channelId: string;
  readonly recipients: readonly string[];
  /** Only that there is one, and its id: the channel is not one of the security contacts'. */
  readonly withoutDetail: boolean;
}

export type Routed = Pick<AlertRow, 'severity' | 'class' | 'source' | 'fingerprint'> & {
  readonly runnerId: string | null;
  readonly groupId: string | null;
};

/** Begins the fingerprint of the alert that a channel fails; that channel is not told of it. */
export const CHANNEL_FAILING = 'channel-failing:';

/**
 * Who is told of an alert: the routes of the first enabled rule that matches; where none does, every Teams and e-mail
 * channel of a critical one, and nobody of others. An alert of class `security` goes with its words only where a rule
 * that names that class sends it; what else would have been told hears that there is one. `rules` are in the order of
 * their positions, `channels` are those that are enabled.
 */
export function routesOf(
  alert: Routed,
  rules: readonly Rule[],
  channels: readonly RoutedChannel[],
): readonly Route[] {
  const able = new Map(
    channels
      .filter(({ id }) => alert.fingerprint !== CHANNEL_FAILING + id)
      .map((channel) => [channel.id, channel]),
  );
  const matching = rules.filter((rule) => rule.enabled && matches(rule, alert));
  if (alert.class !== 'security') {
    const routes = routesBy(matching[0], alert, able, false);
    return routes.length === 0 && alert.fingerprint.startsWith(CHANNEL_FAILING) ? everywhere(able) : routes;
  }
  const naming = matching.find((rule) => rule.match.classes?.includes('security'));
  const others = matching.find((rule) => rule.match.classes?.includes('security') !== true);
  const contacts = naming === undefined ? [] : routesBy(naming, alert, able, false);
  const rest = routesBy(others, alert, able, true);
  return [
    ...contacts,
    ...rest.filter((route) => contacts.every(({ channelId }) => channelId !== route.channelId)),
  ];
}

/** Every channel that has somebody to tell, whatever the rules say: that one of them fails is told through the others (SPEC S15). */
export function everywhere(able: ReadonlyMap<string, RoutedChannel>): Route[] {
  return [...able.values()]
    .filter(({ kind, defaultRecipients }) => kind !== 'email' || defaultRecipients.length > 0)
    .map((channel) => ({
      channelId: channel.id,
      recipients: channel.defaultRecipients,
      withoutDetail: false,
    }));
}

/** The channels among `able` to which a rule sends; without a rule, those of the default. */
export function routesBy(
  rule: Rule | undefined,
  alert: Routed,
  able: ReadonlyMap<string, RoutedChannel>,
  withoutDetail: boolean,
): Route[] {
  const wanted = rule === undefined ? defaultRoutes(alert, [...able.values()]) : rule.routes;
  const routes = wanted.flatMap(({ channelId, recipients }) => {
    const channel = able.get(channelId);
    if (channel === undefined) return [];
    const named = recipients.length > 0 ? recipients : channel.defaultRecipients;
    return [{ channelId, recipients: named, withoutDetail }];
  });
  return mergedRoutes(routes);
}

/** One route a channel, to all who are named; without detail where one of them says so. */
export function mergedRoutes(routes: readonly Route[]): Route[] {
  const byChannel = new Map<string, Route>();
  for (const route of routes) {
    const earlier = byChannel.get(route.channelId) ?? route;
    byChannel.set(route.channelId, {
      channelId: route.channelId,
      recipients: [...new Set([...earlier.recipients, ...route.recipients])],
      withoutDetail: earlier.withoutDetail || route.withoutDetail,
    });
  }
  return [...byChannel.values()];
}

function defaultRoutes(
  alert: Routed,
  channels: readonly RoutedChannel[],
): { channelId: string; recipients: string[] }[] {
  if (alert.severity !== 'critical') return [];
  return channels
    .filter(({ kind }) => kind === 'teams' || kind === 'email')
    .map(({ id }) => ({ channelId: id, recipients: [] }));
}

export function matches({ match }: Rule, alert: Routed): boolean {
  const isAmong = (wanted: readonly string[] | undefined, value: string | null) =>
    wanted === undefined || (value !== null && wanted.includes(value));
  return (
    !isWorse(match.minSeverity, alert.severity) &&
    isAmong(match.classes, alert.class) &&
    isAmong(match.sources, alert.source) &&
    isAmong(match.runnerIds, alert.runnerId) &&
    isAmong(match.groupIds, alert.groupId)
  );
}
