import { createHmac } from 'node:crypto';
import { jsonLine } from '../../../shared/domain/escaping/jsonLine.ts';
import type { OutsideResponse } from '../../platform/outbound/fetchOutside.ts';
import type { Channel, Message, SendOutcome } from './channel.ts';
import { outcomeOfHollowSuccess } from './outcome.ts';
import { bodyObject, delivered, type HttpChannelParts, incomplete, postJson } from './postJson.ts';

/**
 * A JSON body to any https address. `X-DataSync-Delivery` is the same on every attempt: receivers drop what they have
 * seen. `X-DataSync-Signature` is `sha256=` and the hex HMAC-SHA-256 of `<X-DataSync-Timestamp>.<body>`; receivers
 * compare it and refuse old timestamps (seconds since 1970).
 */
export function createWebhookChannel(parts: HttpChannelParts): Channel {
  return {
    kind: 'webhook',
    send: async (message, { secrets }, signal) => {
      const { url, signingKey } = secrets;
      if (url === undefined) return incomplete('address');
      const body = webhookBody(message);
      const timestamp = String(Math.floor(parts.now().getTime() / 1000));
      const headers = {
        'x-datasync-delivery': message.deliveryId,
        'x-datasync-timestamp': timestamp,
        ...(signingKey === undefined
          ? {}
          : { 'x-datasync-signature': webhookSignature(signingKey, timestamp, body) }),
      };
      return postJson(parts, { url, headers, body, signal, judge });
    },
  };
}

export function webhookSignature(signingKey: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', signingKey).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** Foreign text goes as it is, as JSON strings that no log or terminal obeys: what is shown where, the receiver knows. */
function webhookBody(message: Message): string {
  return jsonLine(JSON.stringify({ type: 'datasync.notification', version: 1, ...message }));
}

/** An `ok` or `success` that is false, or an `error`, is a refusal that came as a success. */
function judge(response: OutsideResponse): SendOutcome {
  const body = bodyObject(response.text);
  const isFailure =
    body !== undefined &&
    (body['ok'] === false ||
      body['success'] === false ||
      Boolean(body['error']) ||
      body['status'] === 'error');
  return isFailure
    ? outcomeOfHollowSuccess(response, 'retry', 'its body reports an error')
    : delivered(response);
}
