import { REDACTED } from '../../platform/logging/redact.ts';
import type { Channel, ChannelTarget, SendOutcome } from './channel.ts';

/** Shorter ones would take ordinary words out of a text. */
const MIN_SECRET_LENGTH = 6;

/** The channel, with every secret of its target taken out of what its outcome says: services repeat what they were sent. */
export function withoutSecrets(channel: Channel): Channel {
  return {
    kind: channel.kind,
    send: async (message, target, signal) => clean(await channel.send(message, target, signal), target),
  };
}

function clean(outcome: SendOutcome, { secrets }: ChannelTarget): SendOutcome {
  const parts = Object.values(secrets)
    .flatMap(partsOf)
    .filter((part) => part.length >= MIN_SECRET_LENGTH);
  const without = (text: string): string =>
    parts.reduce((rest, part) => rest.replaceAll(part, REDACTED), text);
  if (outcome.result === 'delivered') {
    return outcome.warning === undefined ? outcome : { ...outcome, warning: without(outcome.warning) };
  }
  return { ...outcome, error: without(outcome.error) };
}

/** Of an address also its path and the values of its query, as they are and decoded. */
function partsOf(secret: string): string[] {
  const url = URL.parse(secret);
  if (url === null || !/^https?:$/.test(url.protocol)) return [secret];
  const path = url.pathname === '/' ? [] : [url.pathname];
  return [secret, url.href, url.search, ...path, ...url.searchParams.values()];
}
