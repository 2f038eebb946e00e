import type { z } from 'zod';
import { channelBody, type ChannelKind, type ChannelView } from '../../../../shared/contract/alerts.ts';
import { isSentElsewhere } from '../../../../shared/domain/channelAddress.ts';
import { linesOf } from '../../format/lines.ts';

/** A field of a kind of channel, as its form shows it. */
export interface ChannelField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly form: 'text' | 'number' | 'lines' | 'secret' | 'security';
  readonly optional?: boolean;
}

const secret = (name: string, label: string, hint: string): ChannelField => ({
  name,
  label,
  hint,
  form: 'secret',
});

/** What each kind needs; the contract has the same names. */
export const channelFields: Record<ChannelKind, readonly ChannelField[]> = {
  teams: [
    secret('url', 'Address of the workflow', 'Teams: Workflows → “When a webhook request is received”.'),
  ],
  email: [
    { name: 'from', label: 'Sender', form: 'text' },
    { name: 'host', label: 'Mail server', form: 'text' },
    { name: 'port', label: 'Port', form: 'number' },
    { name: 'security', label: 'Encryption', form: 'security' },
    { name: 'user', label: 'User', hint: 'Empty where none is needed.', form: 'text', optional: true },
    { ...secret('password', 'Password', 'Empty where none is needed.'), optional: true },
    {
      name: 'defaultRecipients',
      label: 'Usual recipients',
      hint: 'One address a line; told when a rule names nobody.',
      form: 'lines',
    },
  ],
  pagerduty: [
    secret('routingKey', 'Integration key', 'Of an Events API v2 integration.'),
    { name: 'url', label: 'Address', hint: 'Empty: PagerDuty’s own.', form: 'text', optional: true },
  ],
  jira: [
    { name: 'url', label: 'Address', form: 'text' },
    secret('apiKey', 'API key', 'Of the team’s API integration.'),
  ],
  webhook: [
    secret('url', 'Address', 'Must be reachable from outside: inside addresses are refused.'),
    {
      ...secret('signingKey', 'Signing key', '16 characters at least; signs every body (HMAC-SHA-256).'),
      optional: true,
    },
  ],
};

/** A channel as it stands in the form: every value a text. Secrets never come out of the server and begin empty. */
export interface ChannelDraft {
  readonly kind: ChannelKind;
  readonly name: string;
  readonly enabled: boolean;
  readonly values: Readonly<Record<string, string>>;
}

const beginnings: Partial<Record<ChannelKind, Readonly<Record<string, string>>>> = {
  email: { port: '587', security: 'starttls' },
};

export function newChannelDraft(kind: ChannelKind): ChannelDraft {
  return { kind, name: '', enabled: true, values: beginnings[kind] ?? {} };
}

export function draftOfChannel(channel: ChannelView): ChannelDraft {
  const { kind, name, enabled, config } = channel;
  const values = channelFields[kind]
    .filter((field) => field.form !== 'secret')
    .map((field) => [field.name, textOf(config[field.name])] as const);
  return { kind, name, enabled, values: Object.fromEntries(values) };
}

/** What to send for a draft; undefined fields that are empty and may be. Secrets left empty stay as they are. */
export function channelOfDraft(draft: ChannelDraft): unknown {
  const given = channelFields[draft.kind].map((field) => [field.name, valueOf(field, draft)] as const);
  return {
    kind: draft.kind,
    name: draft.name.trim(),
    enabled: draft.enabled,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  };
}

export type ReadChannel =
  | { readonly body: z.infer<typeof channelBody>; readonly fault?: undefined }
  | { readonly body?: undefined; readonly fault: string };

/** The draft as the contract takes it, or the first thing it would refuse, in a sentence. */
export function readChannel(draft: ChannelDraft, before: ChannelView | undefined): ReadChannel {
  if (draft.name.trim() === '') return { fault: 'The channel needs a name.' };
  const missing =
    before === undefined
      ? channelFields[draft.kind].find(
          (field) => isNeeded(field) && (draft.values[field.name] ?? '').trim() === '',
        )
      : undefined;
  if (missing !== undefined) return { fault: `${missing.label} is missing.` };
  const parsed = channelBody.safeParse(channelOfDraft(draft));
  if (parsed.success) {
    const wanted = before === undefined ? undefined : secretWantedAgain(draft, before);
    if (wanted === undefined) return { body: parsed.data };
    return { fault: `${wanted.label} is wanted again, since the channel is to send it elsewhere.` };
  }
  const fault = parsed.error.issues[0];
  const field = channelFields[draft.kind].find((one) => one.name === fault?.path[0]);
  return { fault: `${field?.label ?? 'The channel'} is not possible: ${fault?.message ?? ''}.` };
}

/** The server refuses to send a secret that was given for one address to another; a secret address it compares itself. */
function secretWantedAgain(draft: ChannelDraft, before: ChannelView): ChannelField | undefined {
  const { kind } = draft;
  if (!before.hasSecret || !isSentElsewhere(kind, draftOfChannel(before).values, shownValues(draft)))
    return undefined;
  return channelFields[kind].find(
    (field) => field.form === 'secret' && (draft.values[field.name] ?? '').trim() === '',
  );
}

function shownValues(draft: ChannelDraft): Readonly<Record<string, string>> {
  const shown = channelFields[draft.kind].filter((field) => field.form !== 'secret');
  return Object.fromEntries(shown.map(({ name }) => [name, (draft.values[name] ?? '').trim()]));
}

function isNeeded(field: ChannelField): boolean {
  return field.optional !== true && field.form !== 'lines';
}

function valueOf(field: ChannelField, draft: ChannelDraft): unknown {
  const text = (draft.values[field.name] ?? '').trim();
  if (field.form === 'lines') return linesOf(text);
  if (text === '') return undefined;
  return field.form === 'number' ? Number(text) : text;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join('\n');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
