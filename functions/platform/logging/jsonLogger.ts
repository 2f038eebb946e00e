import { jsonLine } from '../../../shared/domain/escaping/jsonLine.ts';
import type { LogFacts, Logger } from '../logging.ts';
import { loggable } from './facts.ts';
import { redactText } from './redact.ts';

const levels = { debug: 0, info: 1, warn: 2, error: 3 } as const;

export type LogLevel = keyof typeof levels;

export interface JsonLoggerOptions {
  /** Lines below this level are not written. */
  readonly level: LogLevel;
  /** Takes one whole line, without its line end. */
  readonly write: (line: string) => void;
  /** Takes the same line in its parts, as clean. */
  readonly tell?: (line: {
    readonly level: LogLevel;
    readonly message: string;
    readonly facts: LogFacts;
  }) => void;
  readonly now: () => Date;
  readonly facts?: LogFacts;
}

/** Writes one line of JSON an event: `time`, `level`, `message`, then the facts; secrets are taken out of all of them. */
export function createLogger(options: JsonLoggerOptions): Logger {
  const bound = loggable(options.facts ?? {}) as LogFacts;
  const log =
    (level: LogLevel) =>
    (message: string, facts: LogFacts = {}): void => {
      if (levels[level] < levels[options.level]) return;
      const time = options.now().toISOString();
      const own = loggable(facts) as LogFacts;
      const said = redactText(message);
      const all = { ...bound, ...own };
      options.write(jsonLine(JSON.stringify({ time, level, message: said, ...all })));
      options.tell?.({ level, message: said, facts: all });
    };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (facts) => createLogger({ ...options, facts: { ...options.facts, ...facts } }),
  };
}
