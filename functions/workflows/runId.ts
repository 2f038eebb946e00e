/**
 * The id of a run: readable, sorted by time within its kind, and for a run of a schedule the same whoever makes it
 * (`tga-sync-2026-04-13T02-00-00Z`), so that a double tick is one run.
 */
export function scheduledRunId(name: string, dueAt: Date): string {
  return `${slugOf(name)}-${stampOf(dueAt)}`;
}

/** The same with a suffix: people may start several within a second. `unique` ends with random digits. */
export function manualRunId(name: string, at: Date, unique: string): string {
  return `${slugOf(name)}-${stampOf(at)}-${unique.slice(-8)}`;
}

/** `SyncAllPeople` → `sync-all-people`, `Sync-people.people.getAll` → `sync-people.people.get-all`, `tga_sync` → `tga-sync`. */
export function slugOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

function stampOf(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(':', '-').concat('Z');
}
