import type { Log, LogLevel } from '../log.ts';

const order: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical'];

/** One JSON line an event on standard output; below `least` nothing is written. */
export function lineLog(part: string, least: LogLevel = 'information'): Log {
  const from = order.indexOf(least);
  return (level, message, fields) => {
    if (order.indexOf(level) < from) return;
    const line = JSON.stringify(
      { time: new Date().toISOString(), level, part, message, ...fields },
      plainError,
    );
    process.stdout.write(`${line}\n`);
  };
}

/** Errors have no enumerable members of their own: spell out what a reader needs. */
function plainError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
}
