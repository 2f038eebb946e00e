import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../auth/authorize.ts';
import { FilesError } from '../errors.ts';
import type { Answer } from '../http/respond.ts';
import type { FaultAction } from './faultRules.ts';

/** Thrown when a fault has dealt with the connection and nothing more must be sent. */
export class ConnectionGone extends Error {}

/**
 * Lets a fault strike before the operation runs.
 * @throws FilesError for faults that are answers, ConnectionGone for those that are none
 */
export async function strikeBefore(
  action: FaultAction,
  incoming: IncomingMessage,
  caller: Caller,
): Promise<void> {
  switch (action.kind) {
    case 'throttle':
      throw new FilesError(action.status === 429 ? 'TooManyRequests' : 'ServerBusy', {
        headers: retryAfter(action.retryAfterSeconds),
      });
    case 'error':
      throw new FilesError(action.code, { headers: retryAfter(action.retryAfterSeconds) });
    case 'shareFull':
      throw new FilesError('ShareSizeLimitReached');
    case 'sasExpired':
      if (caller.kind === 'key') return;
      throw new FilesError('AuthenticationFailed', {
        details: { AuthenticationErrorDetail: 'Signature not valid in the specified time frame' },
      });
    case 'slow':
      await sleep(action.delayMs);
      return;
    case 'silence':
      incoming.resume();
      throw new ConnectionGone();
    case 'disconnect':
      if (action.during === 'answer') return;
      await cutRequest(incoming, action.afterBytes);
      throw new ConnectionGone();
    case 'loseAnswer':
      return;
  }
}

/** Lets a fault strike when the operation is done and its answer is ready. @returns whether it took the answer */
export function strikeAfter(
  action: FaultAction | undefined,
  response: ServerResponse,
  answer: Answer,
): boolean {
  if (action?.kind === 'loseAnswer') {
    answer.stream?.destroy();
    response.destroy();
    return true;
  }
  if (action?.kind !== 'disconnect' || action.during !== 'answer') return false;
  cutAnswer(response, answer, action.afterBytes);
  return true;
}

function cutAnswer(response: ServerResponse, answer: Answer, afterBytes: number): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (answer.stream !== undefined) {
    let sentBytes = 0;
    answer.stream.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, Math.max(0, afterBytes - sentBytes));
      sentBytes += chunk.length;
      response.write(part, () => {
        if (sentBytes < afterBytes) return;
        answer.stream?.destroy();
        response.destroy();
      });
    });
    answer.stream.on('end', () => response.destroy());
    return;
  }
  const body = Buffer.from(answer.body ?? '');
  if (!response.hasHeader('Content-Length')) response.setHeader('Content-Length', body.length + 1);
  response.write(body.subarray(0, afterBytes), () => response.destroy());
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'Retry-After': String(seconds) };
}

/** Takes so many bytes of the body, or all of a shorter one, and cuts the connection. */
async function cutRequest(incoming: IncomingMessage, afterBytes: number): Promise<void> {
  const { socket } = incoming;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let receivedBytes = 0;
  const stop = () => resolve(undefined);
  incoming.on('data', (chunk: Buffer) => {
    receivedBytes += chunk.length;
    if (receivedBytes >= afterBytes) stop();
  });
  incoming.once('end', stop).once('close', stop);
  if (afterBytes === 0) stop();
  await promise;
  socket.destroy();
}
