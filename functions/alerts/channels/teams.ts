import { cardRunText } from '../../../shared/domain/escaping/card.ts';
import { jsonLine } from '../../../shared/domain/escaping/jsonLine.ts';
import { atMost } from '../../../shared/domain/escaping/visible.ts';
import type { OutsideResponse } from '../../platform/outbound/fetchOutside.ts';
import type { Channel, Message, SendOutcome } from './channel.ts';
import { factsOf, lead, linksOf } from './messageText.ts';
import { outcomeOfHollowSuccess } from './outcome.ts';
import { bodyObject, delivered, type HttpChannelParts, incomplete, postJson } from './postJson.ts';

/**
 * Teams refuses messages over 28 KiB and counts more than what is sent: 24,453 bytes were measured as 28,897
 * (MicrosoftDocs/msteams-docs#11274).
 */
const MAX_BODY_BYTES = 20_000;
const MAX_TITLE_LENGTH = 300;
const MAX_DETAIL_LENGTH = 6000;
const MAX_DETAIL_LINES = 30;

/**
 * An Adaptive Card to a Teams channel by a Power Automate workflow ("When a Teams webhook request is received"). The
 * workflow answers 202 as soon as it has begun: that the card was posted is not known then, so the daily canary is looked
 * at by people. Old connectors answered 200 with an error in the body; both forms are understood.
 */
export function createTeamsChannel(parts: HttpChannelParts): Channel {
  return {
    kind: 'teams',
    send: async (message, { secrets }, signal) => {
      if (secrets['url'] === undefined) return incomplete('address');
      return postJson(parts, { url: secrets['url'], body: teamsBody(message), signal, judge });
    },
  };
}

/** Shortens the detail until the whole fits. */
export function teamsBody(message: Message): string {
  for (let detailLength = MAX_DETAIL_LENGTH; ; detailLength = Math.floor(detailLength / 2)) {
    const content = card(message, atMost(message.detail, Math.max(detailLength, 1)));
    const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
    const body = jsonLine(JSON.stringify({ type: 'message', attachments: [attachment] }));
    if (Buffer.byteLength(body) <= MAX_BODY_BYTES || detailLength <= 1) return body;
  }
}

/** Foreign text stands in text runs only, never in a TextBlock or a Fact, which read Markdown. */
function card(message: Message, detail: string): unknown {
  const lines = detail.split(/\r?\n/);
  const shown = lines.length > MAX_DETAIL_LINES ? [...lines.slice(0, MAX_DETAIL_LINES), '…'] : lines;
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      richText([
        { text: `${lead(message)}: `, weight: 'Bolder', size: 'Medium', color: colour(message) },
        { text: cardRunText(atMost(message.title, MAX_TITLE_LENGTH)), weight: 'Bolder', size: 'Medium' },
      ]),
      ...shown
        .filter((line) => line.trim() !== '')
        .map((line) => richText([{ text: cardRunText(line) }], 'Small')),
      ...factsOf(message).map(({ name, value }, index) =>
        richText(
          [{ text: `${name}: `, isSubtle: true }, { text: cardRunText(atMost(value, MAX_TITLE_LENGTH)) }],
          index === 0 ? 'Medium' : 'None',
        ),
      ),
    ],
    actions: linksOf(message).map((link) => ({ type: 'Action.OpenUrl', ...link })),
  };
}

function richText(runs: readonly object[], spacing = 'Default'): unknown {
  return { type: 'RichTextBlock', spacing, inlines: runs.map((run) => ({ type: 'TextRun', ...run })) };
}

function colour({ transition, severity }: Message): string {
  if (transition === 'resolved') return 'Good';
  if (transition === 'canary' || transition === 'test' || transition === 'acknowledged') return 'Accent';
  return severity === 'critical' ? 'Attention' : severity === 'warning' ? 'Warning' : 'Accent';
}

/** A workflow answers with no body, an old connector with `1`. Words of failure or a page for people are no delivery. */
function judge(response: OutsideResponse): SendOutcome {
  const { text } = response;
  const body = bodyObject(text);
  const admitsFailure = body === undefined ? /\b(?:error|failed|exception)\b/i.test(text) : 'error' in body;
  if (admitsFailure) {
    const isFinal = /HTTP error 4(?!08|25|29)\d\d/.test(text);
    return outcomeOfHollowSuccess(response, isFinal ? 'refused' : 'retry', 'its body reports an error');
  }
  if (/^\s*<(?:!doctype|html)/i.test(text)) {
    return outcomeOfHollowSuccess(response, 'refused', 'with a page for people: this is no webhook');
  }
  return delivered(response);
}
