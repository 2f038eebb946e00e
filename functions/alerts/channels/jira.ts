import { jsonLine } from '../../../shared/domain/escaping/jsonLine.ts';
import { pageText } from '../../../shared/domain/escaping/page.ts';
import { atMost } from '../../../shared/domain/escaping/visible.ts';
import type { OutsideResponse } from '../../platform/outbound/fetchOutside.ts';
import type { Channel, Message, SendOutcome } from './channel.ts';
import { factsOf, lead } from './messageText.ts';
import { outcomeOfHollowSuccess } from './outcome.ts';
import { bodyObject, delivered, type HttpChannelParts, incomplete, postJson } from './postJson.ts';

/** Limits of the alert API, those of Opsgenie from which it comes. */
const MAX_MESSAGE_LENGTH = 130;
const MAX_DESCRIPTION_LENGTH = 15_000;
const MAX_ALIAS_LENGTH = 512;
const MAX_ENTITY_LENGTH = 512;

const priorities = { critical: 'P1', warning: 'P3', info: 'P5' } as const;

/**
 * Alerts of Jira Service Management operations by its integration events API
 * (`https://api.atlassian.com/jsm/ops/integration/v2/alerts`, key of an API integration). The alert's id is the alias:
 * a repeated create is counted on the open alert, acknowledge and close find it by the alias. Requests are answered with
 * 202 and worked on later. A canary, a notice or a test is made with P5 and closed at once.
 */
export function createJiraChannel(parts: HttpChannelParts): Channel {
  return {
    kind: 'jira',
    send: async (message, { config, secrets }, signal) => {
      const { apiKey } = secrets;
      const url = config['url'];
      if (apiKey === undefined) return incomplete('API key');
      if (typeof url !== 'string') return incomplete('address');
      const post = (action: Action | undefined, content: object): Promise<SendOutcome> => {
        const headers = { authorization: `GenieKey ${apiKey}` };
        const body = jsonLine(JSON.stringify({ source: 'DataSync', user: 'DataSync', ...content }));
        return postJson(parts, {
          url: actionUrl(url, aliasOf(message), action),
          headers,
          body,
          signal,
          judge,
        });
      };
      switch (message.transition) {
        case 'acknowledged':
          return post('acknowledge', {});
        case 'resolved':
          return post('close', {});
        case 'canary':
        case 'notice':
        case 'test': {
          const created = await post(undefined, alert({ ...message, severity: 'info' }));
          return created.result === 'delivered' ? post('close', {}) : created;
        }
        default:
          return post(undefined, alert(message));
      }
    },
  };
}

type Action = 'acknowledge' | 'close';

function actionUrl(base: string, alias: string, action: Action | undefined): string {
  const url = URL.parse(base);
  if (action === undefined || url === null) return base;
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodeURIComponent(alias)}/${action}`;
  url.searchParams.set('identifierType', 'alias');
  return url.href;
}

function aliasOf({ alertId, deliveryId }: Message): string {
  return (alertId ?? deliveryId).slice(0, MAX_ALIAS_LENGTH);
}

function alert(message: Message): object {
  const facts = factsOf(message).map(({ name, value }) => [name, pageText(value)] as const);
  const page = message.url === null ? [] : [['Page', message.url] as const];
  const runbook = message.runbookUrl === null ? [] : [['What to do', message.runbookUrl] as const];
  const lines = message.detail.split(/\r?\n/).map(pageText);
  return {
    message: atMost(`${lead(message)}: ${pageText(message.title)}`, MAX_MESSAGE_LENGTH),
    alias: aliasOf(message),
    description: atMost(lines.join('\n'), MAX_DESCRIPTION_LENGTH),
    priority: priorities[message.severity],
    entity: atMost(pageText(message.runnerName ?? message.organizationName), MAX_ENTITY_LENGTH),
    tags: ['datasync', message.class, message.transition],
    details: Object.fromEntries([...facts, ...page, ...runbook, ['Delivery', message.deliveryId]]),
  };
}

/** The API names the request that it will work on; an answer without is not the API's. */
function judge(response: OutsideResponse): SendOutcome {
  const body = bodyObject(response.text);
  if (typeof body?.['requestId'] === 'string') return delivered(response);
  return outcomeOfHollowSuccess(response, 'retry', 'not as the alert API does when it takes a request');
}
