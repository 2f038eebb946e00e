import type { ChannelKind } from '../../../shared/contract/alerts.ts';
import { createFetchOutside } from '../../platform/outbound/fetchOutside.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Channel } from './channel.ts';
import type { HttpChannelParts } from './postJson.ts';
import { createWebhookChannel } from './webhook.ts';

export type Channels = ReadonlyMap<ChannelKind, Channel>;

/** The channels of a process, with the outbound guard as the settings ask for it. */
export const channelsOf = perServices(({ settings, now }): Channels => {
  const outbound = { allowPrivateAddresses: settings.NOTIFY_ALLOW_PRIVATE_ADDRESSES };
  return createChannels({ fetchOutside: createFetchOutside(outbound), now });
});

/** Every way to reach people: a file each, a line here. */
export function createChannels(parts: HttpChannelParts): Channels {
  const channels = [createWebhookChannel(parts)];
  return new Map(channels.map((channel) => [channel.kind, channel]));
}
