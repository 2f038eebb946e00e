import type { ChannelBody } from '../../../shared/contract/alerts.ts';
import { isSentElsewhere } from '../../../shared/domain/channelAddress.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Secrets } from '../secretBox.ts';

/** A channel's configuration, taken apart: what operators may see, and what nobody sees again. */
export interface ChannelParts {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Secrets;
}

/** What a new channel begins with. */
export const noParts: ChannelParts = { config: {}, secrets: {} };

/** Of each kind, what is secret, and without which of it nothing can be sent. */
const secretsOf = {
  teams: { secret: ['url'], needed: ['url'] },
  email: { secret: ['password'], needed: [] },
  pagerduty: { secret: ['routingKey'], needed: ['routingKey'] },
  jira: { secret: ['apiKey'], needed: ['apiKey'] },
  webhook: { secret: ['url', 'signingKey'], needed: ['url'] },
} as const satisfies Record<
  ChannelBody['kind'],
  { readonly secret: readonly string[]; readonly needed: readonly string[] }
>;

/**
 * Takes a body apart; secrets that it leaves out are those of before. Throws `invalid-request` when one is needed and
 * nowhere, when one that is left out would be sent elsewhere than before and so come out, for an address that is not https and for mail without TLS, where the settings do not allow them.
 */
export function channelParts(
  body: ChannelBody,
  before: ChannelParts,
  allowsUnprotected: boolean,
): ChannelParts {
  const { kind, name: _name, enabled: _enabled, ...given } = body;
  const { secret, needed } = secretsOf[kind];
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const sent = Object.fromEntries(entries);
  const isSecret = (member: string) => (secret as readonly string[]).includes(member);
  const secrets: Record<string, string> = { ...before.secrets };
  for (const [member, value] of entries)
    if (isSecret(member) && typeof value === 'string') secrets[member] = value;
  const missing = needed.find((member) => secrets[member] === undefined);
  if (missing !== undefined) throw refused(missing, `a ${kind} channel needs it`);
  const config = Object.fromEntries(entries.filter(([member]) => !isSecret(member)));
  const after = { config, secrets };
  const kept = secret.find((member) => before.secrets[member] !== undefined && !(member in sent));
  if (kept !== undefined && isSentElsewhere(kind, membersOf(before), membersOf(after)))
    throw refused(kept, 'enter it again: it was given for another address');
  if (!allowsUnprotected) refuseUnprotected(membersOf(after));
  return after;
}

function membersOf({ config, secrets }: ChannelParts): Readonly<Record<string, unknown>> {
  return { ...config, ...secrets };
}

function refuseUnprotected(members: Readonly<Record<string, unknown>>): void {
  const { url, security } = members;
  if (typeof url === 'string' && !/^https:/i.test(url)) throw refused('url', 'wanted: an https address');
  if (security === 'none') throw refused('security', 'wanted: tls or starttls');
}

function refused(member: string, message: string): Problem {
  return new Problem('invalid-request', `The channel was refused: ${member}: ${message}.`, {
    errors: [{ pointer: `/body/${member}`, message }],
  });
}
