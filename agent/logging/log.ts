import { pino, type Logger } from 'pino';
import { redact } from './redact.ts';

/** What the agent's parts log through: facts first, then the sentence. */
export type AgentLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export interface LogOptions {
  readonly level: string;
  /** `json`: one object a line. `line`: one readable line. */
  readonly format: 'json' | 'line';
  readonly write: (line: string) => void;
}

/** The process's log. Every line passes through `redact`, so no part has to remember to. */
export function createLog({ level, format, write }: LogOptions): AgentLog {
  const shape = format === 'json' ? (line: string) => line : readableLine;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(redact(shape(line))) },
  );
}

function readableLine(line: string): string {
  const { time, level, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const details = Object.entries(facts).map(([name, value]) => `${name}=${valueText(value)}`);
  return `${String(time)} ${String(level).toUpperCase().padEnd(5)} ${[String(msg), ...details].join(' ')}\n`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (!/[\s"\p{Cc}]/u.test(text)) return text;
  // File names are foreign text: no control character may reach a terminal.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f]/g,
    (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`,
  );
}
