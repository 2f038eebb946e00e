import { id, instant } from '../../../shared/contract/fields.ts';
import type { LogLevel, ShippedLine } from '../../../shared/contract/logs.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'Debug',
  info: 'Information',
  warn: 'Warning',
  error: 'Error',
};
const MAX_MESSAGE = 4000;
const MAX_FACTS = 4000;
const MAX_NAME = 100;

/** A line of the agent's file as the server takes it; undefined for one that is no line of a log. */
export function shippedLine(text: string, sequence: number): ShippedLine | undefined {
  const { time, level, msg, correlationId, jobId, ...facts } = parsed(text);
  const at = instant.safeParse(time);
  const known = LEVELS[String(level)];
  if (!at.success || known === undefined) return undefined;
  const told = factsOf(facts);
  return {
    at: at.data,
    sequence,
    level: known,
    message: sendable(typeof msg === 'string' ? msg : '').slice(0, MAX_MESSAGE),
    correlationId: typeof correlationId === 'string' ? sendable(correlationId).slice(0, MAX_NAME) : null,
    jobId: id.safeParse(jobId).data ?? null,
    ...(told === undefined ? {} : { facts: told }),
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // what a full disk left of a line
  }
}

function factsOf(facts: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const text = JSON.stringify(facts);
  if (text === '{}') return undefined;
  if (text.length > MAX_FACTS) return { cut: sendable(text.slice(0, MAX_FACTS / 2)) };
  const entries = Object.entries(JSON.parse(text, (_, value: unknown) => sendableValue(value)) as object);
  return Object.fromEntries(
    entries.map(([name, value]) => [sendable(name).slice(0, MAX_NAME), value as unknown]),
  );
}

function sendableValue(value: unknown): unknown {
  return typeof value === 'string' ? sendable(value) : value;
}

/** The server takes no NUL and no half character. */
function sendable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}
