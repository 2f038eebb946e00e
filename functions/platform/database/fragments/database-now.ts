import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { bySql } from './by-sql.ts';

/**
 * The database's clock, for leases: the clocks of two hosts may differ, this one is shared. `offsetMs` (whole, may be
 * negative, at most 60 years) is added. One instant within a statement on both databases, so that it may be indexed against.
 */
export function databaseNow(offsetMs = 0): RawBuilder<Date> {
  if (offsetMs === 0)
    return bySql<Date>({ postgres: sql`statement_timestamp()`, mssql: sql`sysdatetimeoffset()` });
  const seconds = Math.trunc(offsetMs / 1000);
  return bySql<Date>({
    postgres: sql`(statement_timestamp() + ${sql.lit(Math.trunc(offsetMs))} * interval '1 millisecond')`,
    // DATEADD takes an int: milliseconds alone would end at 24 days.
    mssql: sql`dateadd(millisecond, ${sql.lit(Math.trunc(offsetMs % 1000))}, dateadd(second, ${sql.lit(seconds)}, sysdatetimeoffset()))`,
  });
}
