import { createHash } from 'node:crypto';
import { loggable } from '../../platform/logging/facts.ts';
import type { Services } from '../../platform/services.ts';

/** Where a person finds the run, with its buttons. */
export function pageOfRun({ settings }: Pick<Services, 'settings'>, runId: string): string {
  const [dashboard = ''] = settings.PUBLIC_ORIGINS.split(',').map((origin) => origin.trim());
  return `${dashboard}/runs/${runId}`;
}

/** A value for people: JSON without secrets, at most so many characters. */
export function boundedJson(value: unknown, length: number): string {
  const text = JSON.stringify(loggable(value));
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Names runs of one payload for as long as the problem lasts. */
export function payloadKey(payload: unknown): string {
  return createHash('sha256').update(JSON.stringify(payload)).digest('hex').slice(0, 12);
}
