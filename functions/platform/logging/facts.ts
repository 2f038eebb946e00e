import { isSecretName, REDACTED, redactText } from './redact.ts';

const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const MAX_TEXT_LENGTH = 4000;

/**
 * A value as it may stand in a log line: secrets out, errors with their causes, bounded in depth (6), entries (100)
 * and text (4,000 characters), so that no value can break or flood a line.
 */
export function loggable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return boundedText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return loggableError(value, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => loggable(entry, depth + 1));
  return loggableObject(value, depth);
}

function boundedText(text: string): string {
  return redactText(text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text);
}

function loggableObject(value: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value).slice(0, MAX_ENTRIES)) {
    clean[name] = isSecretName(name) && entry !== null ? REDACTED : loggable(entry, depth + 1);
  }
  return clean;
}

type ErrorWithFacts = Error & Record<string, unknown>;

/** Own fields of an error may hold whole requests with their headers: only what says what went wrong is kept. */
function loggableError(error: Error, depth: number): Record<string, unknown> {
  // The database's driver calls a cause `originalError`.
  const { code, statusCode, kind, number, originalError, cause = originalError } = error as ErrorWithFacts;
  const clean: Record<string, unknown> = { name: error.name, message: boundedText(error.message) };
  if (error.stack !== undefined) clean['stack'] = boundedText(error.stack);
  for (const [name, fact] of Object.entries({ code, statusCode, kind, number })) {
    if (typeof fact === 'string' || typeof fact === 'number') clean[name] = fact;
  }
  if (cause !== undefined) clean['cause'] = loggable(cause, depth + 1);
  if (error instanceof AggregateError) clean['errors'] = loggable(error.errors, depth + 1);
  return clean;
}
