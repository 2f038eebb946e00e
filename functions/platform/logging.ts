/** Facts of a log line; names as in `workflowId`, `correlationId`, `runId`. Never secrets. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Structured lines: one event, one line. `child` binds facts to all its lines. */
export interface Logger {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  child(facts: LogFacts): Logger;
}
