import type { FetchOutside, OutsideResponse } from '../../platform/outbound/fetchOutside.ts';
import type { SendOutcome } from './channel.ts';
import { outcomeOfFault, outcomeOfStatus } from './outcome.ts';

/** What channels that speak HTTP need from outside. */
export interface HttpChannelParts {
  readonly fetchOutside: FetchOutside;
  readonly now: () => Date;
}

export interface JsonPost {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Says of a 2xx whether it is a delivery: services are known to answer 200 with an error in the body. */
  readonly judge: (response: OutsideResponse) => SendOutcome;
}

/** Posts JSON and classifies what becomes of it. Throws for our own mistakes only. */
export async function postJson(
  { fetchOutside, now }: HttpChannelParts,
  { url, headers, body, signal, judge }: JsonPost,
): Promise<SendOutcome> {
  let response: OutsideResponse;
  try {
    response = await fetchOutside({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body,
      signal,
    });
  } catch (error) {
    return outcomeOfFault(error);
  }
  const { status } = response;
  return status >= 200 && status < 300 ? judge(response) : outcomeOfStatus(response, now());
}

/** The body as an object, or undefined when it is none. */
export function bodyObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function delivered(response: OutsideResponse): SendOutcome {
  return { result: 'delivered', responseStatus: response.status };
}

/** A channel that lacks what it needs cannot send, ever, until somebody completes it. */
export function incomplete(what: string): SendOutcome {
  return { result: 'refused', responseStatus: null, error: `the channel has no ${what}; wanted: set one` };
}
