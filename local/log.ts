export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

export type LogFields = Readonly<Record<string, unknown>>;

/** Where a part of the local platform writes: one line an event; `fields` carry what a reader filters by, never a secret. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;
