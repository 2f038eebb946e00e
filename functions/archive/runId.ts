/**
 * The readable id of a file sync: `file-sync-2026-11-22T19-21-21Z-4f2a9c01d3b7`, when it began and the end of its
 * correlation id, so that a day's runs share a prefix and repeating a begin makes the same.
 */
export function fileSyncRunId(at: Date, correlationId: string): string {
  const time = at.toISOString().slice(0, 19).replaceAll(':', '-');
  return `file-sync-${time}Z-${correlationId.replaceAll('-', '').slice(-12).toLowerCase()}`;
}
