import { traceIdOf, traceParentText } from '../domain/traceParent.ts';

/**
 * Names the operation of a call, so that monitoring shows it together with what the server did for it. Calls whose bodies
 * carry one correlation id, as those of a run do, are one operation; any other call is one by itself.
 */
export function operationOf(body: unknown): string {
  const given = (body as { readonly correlationId?: unknown } | undefined)?.correlationId;
  const traceId = typeof given === 'string' ? traceIdOf(given) : undefined;
  return traceParentText({ traceId: traceId ?? randomHex(16), spanId: randomHex(8) });
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
