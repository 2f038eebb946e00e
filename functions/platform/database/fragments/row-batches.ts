/** Rows a statement: bounded by the size of its JSON parameter and by how long it holds its locks. */
export const batchRows = 1_000;

/**
 * Rows in batches, all sorted by key: two writers take the locks they share in the same order.
 * Throws TypeError if two rows have the same key.
 */
export function sortedBatches<R extends Readonly<Record<string, unknown>>>(
  table: string,
  rows: readonly R[],
  key: ReadonlyArray<string & keyof R>,
): R[][] {
  const keyed = rows.map((row) => ({ row, key: keyText(key.map((column) => row[column])) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const twin = keyed.findIndex((entry, index) => index > 0 && entry.key === keyed[index - 1]?.key);
  if (twin !== -1) {
    throw new TypeError(
      `Cannot write ${rows.length} rows to ${table}: two have the same ${key.join(', ')}, wanted one a key`,
    );
  }
  const batches: R[][] = [];
  for (let start = 0; start < keyed.length; start += batchRows) {
    batches.push(keyed.slice(start, start + batchRows).map((entry) => entry.row));
  }
  return batches;
}

/** Any injective text will do, as long as every writer uses the same. */
function keyText(values: readonly unknown[]): string {
  return JSON.stringify(
    values.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)),
  );
}
