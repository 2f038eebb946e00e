import type { TableRow } from './tables.ts';

/** Azure's limits of one transaction: 100 rows and 4 MiB, the envelope of each row included. */
const MAX_ROWS = 100;
const MAX_BYTES = 3.5 * 1024 * 1024;
const ENVELOPE_BYTES = 1024;

/**
 * Cuts rows into what one transaction takes: of one partition, no key twice (the last counts), within Azure's limits.
 * A row that is larger than a transaction goes alone, and is refused there.
 */
export function batchesOf(rows: readonly TableRow[]): TableRow[][] {
  const unique = new Map(rows.map((row) => [`${row.partitionKey}\n${row.rowKey}`, row]));
  const partitions = Map.groupBy(unique.values(), (row) => row.partitionKey);
  return [...partitions.values()].flatMap(cutToSize);
}

function cutToSize(rows: readonly TableRow[]): TableRow[][] {
  const batches: TableRow[][] = [];
  let batch: TableRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const rowBytes = Buffer.byteLength(JSON.stringify(row)) + ENVELOPE_BYTES;
    if (batch.length > 0 && (batch.length >= MAX_ROWS || bytes + rowBytes > MAX_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += rowBytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
