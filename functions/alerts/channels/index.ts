import type { ChannelKind } from '../../../shared/contract/alerts.ts';
import { createFetchOutside } from '../../platform/outbound/fetchOutside.ts';
import { createResolveOutside, type OutboundOptions } from '../../platform/outbound/resolveOutside.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Channel } from './channel.ts';
import { createEmailChannel } from './email/email.ts';
import { createJiraChannel } from './jira.ts';
import { createPagerDutyChannel } from './pagerduty.ts';
import { createTeamsChannel } from './teams.ts';
import { createWebhookChannel } from './webhook.ts';
import { withoutSecrets } from './withoutSecrets.ts';

export type Channels = ReadonlyMap<ChannelKind, Channel>;

/** The channels of a process, with the outbound guard as the settings ask for it. */
export const channelsOf = perServices(({ settings, now }): Channels => {
  return createChannels({ allowPrivateAddresses: settings.NOTIFY_ALLOW_PRIVATE_ADDRESSES }, now);
});

/** Every way to reach people: a file each, a line here. */
export function createChannels(
  outbound: OutboundOptions & { readonly timeoutMs?: number },
  now: () => Date,
): Channels {
  const http = { fetchOutside: createFetchOutside(outbound), now };
  const smtp = {
    resolveOutside: createResolveOutside(outbound),
    allowWithoutTls: outbound.allowPrivateAddresses,
  };
  const channels = [
    createTeamsChannel(http),
    createEmailChannel(smtp),
    createPagerDutyChannel(http),
    createJiraChannel(http),
    createWebhookChannel(http),
  ];
  return new Map(channels.map((channel) => [channel.kind, withoutSecrets(channel)]));
}
