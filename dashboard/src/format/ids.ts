const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id for a narrow column: a UUIDv7's time part (13 characters), a readable id whole. Searchable as a prefix. */
export function shortId(id: string): string {
  return uuid.test(id) ? id.slice(0, 13) : id;
}

/** `file_sync` → `File sync`, `filesArchived` → `Files archived`, `AGENT_ALIVE` → `Agent alive`. */
export function sayName(name: string): string {
  const spaced = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
