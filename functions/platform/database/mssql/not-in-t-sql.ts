/** A query that PostgreSQL takes and T-SQL cannot; found by whoever writes it, in the store tests. */
export class NotInTSqlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotInTSqlError';
  }
}

export function notInTSql(what: string, instead: string): NotInTSqlError {
  return new NotInTSqlError(`Cannot write ${what} in T-SQL: wanted ${instead}`);
}
