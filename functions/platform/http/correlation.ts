import { randomUUID } from 'node:crypto';

export const CORRELATION_HEADER = 'x-correlation-id';

/** The caller's own id when it is one that may stand in logs and headers, else a new one. */
export function correlationIdOf(headers: Headers): string {
  const given = headers.get(CORRELATION_HEADER);
  return given !== null && /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/.test(given) ? given : randomUUID();
}
