import mssql from 'mssql';

/** A result's rows as `pg` gives them: bigint as number, `_json` columns parsed. */
export function rowsOf(
  recordset: mssql.IRecordSet<Record<string, unknown>> | undefined,
): Array<Record<string, unknown>> {
  if (recordset === undefined) return [];
  const readers = Object.entries(recordset.columns).flatMap(([name, { type }]) => {
    const read = readerOf(name, type);
    return read ? [{ name, read }] : [];
  });
  for (const row of recordset) {
    for (const { name, read } of readers) {
      const value = row[name];
      if (typeof value === 'string') row[name] = read(value);
    }
  }
  return [...recordset];
}

/** bigint arrives as text, JSON is text; all else is what it should be. */
function readerOf(name: string, type: unknown): ((text: string) => unknown) | undefined {
  if (type === mssql.BigInt) return Number;
  if (name.endsWith('_json')) return (text) => JSON.parse(text) as unknown;
  return undefined;
}
