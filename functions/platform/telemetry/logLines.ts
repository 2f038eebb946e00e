import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import type { LogFacts } from '../logging.ts';
import { SCOPE } from './asRequest.ts';

const severities = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
} as const;

/** A line as the process's log has it: bounded, and without secrets. */
export interface WrittenLine {
  readonly level: keyof typeof severities;
  readonly message: string;
  readonly facts: LogFacts;
}

/** An error as a line holds it. */
interface WrittenError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
}

/**
 * Tells of a line of the log as a trace with its facts, under the operation it was written in; an error of level `error` is told as an
 * exception too, with its stack. Never throws.
 */
export function tellLine({ level, message, facts }: WrittenLine): void {
  const error = isWrittenError(facts['error']) ? facts['error'] : undefined;
  const attributes = { ...textsOf(facts), ...(error === undefined ? {} : errorTexts(error)) };
  const logger = logs.getLogger(SCOPE);
  const severityNumber = severities[level];
  logger.emit({ severityNumber, body: message, attributes: { ...attributes, level } });
  if (level !== 'error' || error?.stack === undefined) return;
  const exception = {
    'exception.type': error.name,
    'exception.message': error.message,
    'exception.stacktrace': error.stack,
  };
  logger.emit({ severityNumber, attributes: { ...attributes, ...exception, line: message } });
}

function isWrittenError(value: unknown): value is WrittenError {
  const { name, message } = (value ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof message === 'string';
}

function errorTexts({ name, message, cause }: WrittenError): Record<string, string> {
  const why = isWrittenError(cause) ? `${cause.name}: ${cause.message}` : undefined;
  return {
    'error.name': name,
    'error.message': message,
    ...(why === undefined ? {} : { 'error.cause': why }),
  };
}

function textsOf(facts: LogFacts): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (name === 'error' || value === undefined || value === null) continue;
    texts[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return texts;
}
