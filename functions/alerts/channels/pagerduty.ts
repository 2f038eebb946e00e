import { jsonLine } from '../../../shared/domain/escaping/jsonLine.ts';
import { pageText } from '../../../shared/domain/escaping/page.ts';
import { atMost } from '../../../shared/domain/escaping/visible.ts';
import type { OutsideResponse } from '../../platform/outbound/fetchOutside.ts';
import type { Channel, Message, SendOutcome } from './channel.ts';
import { factsOf, lead, linksOf } from './messageText.ts';
import { outcomeOfHollowSuccess } from './outcome.ts';
import { bodyObject, delivered, type HttpChannelParts, incomplete, postJson } from './postJson.ts';

const EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue';
/** Limits of Events API v2; a whole event may have 512 KB. */
const MAX_SUMMARY_LENGTH = 1024;
const MAX_KEY_LENGTH = 255;
const MAX_DETAIL_LENGTH = 20_000;

const actions = {
  opened: 'trigger',
  reopened: 'trigger',
  worsened: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
} as const;

/**
 * PagerDuty Events API v2. The alert's id is the `dedup_key`, so that a repeated delivery is the same incident. A canary or
 * a notice is a change event, which the same key and service take and which pages nobody; a test is triggered with severity `info`
 * and resolved at once.
 */
export function createPagerDutyChannel(parts: HttpChannelParts): Channel {
  return {
    kind: 'pagerduty',
    send: async (message, { config, secrets }, signal) => {
      const { routingKey } = secrets;
      if (routingKey === undefined) return incomplete('integration key');
      const url = typeof config['url'] === 'string' ? config['url'] : EVENTS_URL;
      const post = (event: object, to = url): Promise<SendOutcome> => {
        const body = jsonLine(JSON.stringify({ routing_key: routingKey, ...event }));
        return postJson(parts, { url: to, body, signal, judge });
      };
      if (message.transition === 'canary' || message.transition === 'notice')
        return post(change(message), changeUrl(url));
      const sent = await post(event(message));
      if (message.transition !== 'test' || sent.result !== 'delivered') return sent;
      return post({ event_action: 'resolve', dedup_key: dedupKey(message) });
    },
  };
}

function changeUrl(url: string): string {
  return url.replace(/\/enqueue(?=$|\?)/, '/change/enqueue');
}

function dedupKey({ alertId, deliveryId }: Message): string {
  return (alertId ?? deliveryId).slice(0, MAX_KEY_LENGTH);
}

function event(message: Message): object {
  const { transition } = message;
  const action =
    transition === 'canary' || transition === 'notice' || transition === 'test' || transition === 'report'
      ? 'trigger'
      : actions[transition];
  const key = { event_action: action, dedup_key: dedupKey(message) };
  if (action !== 'trigger') return key;
  const links = linksOf(message).map(({ title, url }) => ({ href: url, text: title }));
  return {
    ...key,
    client: 'DataSync',
    ...(message.url === null ? {} : { client_url: message.url }),
    links,
    payload: {
      summary: summary(message),
      severity: message.transition === 'test' ? 'info' : message.severity,
      source: pageText(message.runnerName ?? message.organizationName),
      ...(message.jobName === null ? {} : { component: pageText(message.jobName) }),
      group: pageText(message.organizationName),
      class: message.class,
      timestamp: message.occurredAt.toISOString(),
      custom_details: details(message),
    },
  };
}

function change(message: Message): object {
  return {
    payload: {
      summary: summary(message),
      source: 'DataSync',
      timestamp: message.occurredAt.toISOString(),
      custom_details: details(message),
    },
    links: linksOf(message).map(({ title, url }) => ({ href: url, text: title })),
  };
}

function summary(message: Message): string {
  return atMost(`${lead(message)}: ${pageText(message.title)}`, MAX_SUMMARY_LENGTH);
}

function details(message: Message): Readonly<Record<string, string>> {
  const facts = factsOf(message).map(({ name, value }) => [name, pageText(value)] as const);
  const lines = atMost(message.detail, MAX_DETAIL_LENGTH).split(/\r?\n/).map(pageText);
  return { ...Object.fromEntries(facts), Detail: lines.join('\n'), Delivery: message.deliveryId };
}

/** The API answers 202 with `status: success`; anything else that came as a success is somebody else's answer. */
function judge(response: OutsideResponse): SendOutcome {
  if (bodyObject(response.text)?.['status'] === 'success') return delivered(response);
  return outcomeOfHollowSuccess(response, 'retry', 'not as PagerDuty does when it takes an event');
}
