import { TSqlAdapter } from '../mssql/adapter.ts';
import type { Db } from '../schema.ts';

/** Whether the database takes T-SQL: for what is not only written in other words, but done in other steps. */
export function isTSql(db: Db): boolean {
  return db.getExecutor().adapter instanceof TSqlAdapter;
}
