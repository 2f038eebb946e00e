const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * An id where there is little room: a UUIDv7's time part (13 characters), a short readable id whole, and of a long
 * one its end, which is what tells it from its neighbours.
 */
export function shortId(id: string): string {
  if (uuid.test(id)) return id.slice(0, 13);
  return id.length <= 32 ? id : `…${id.slice(-12)}`;
}

/** `file_sync` → `File sync`, `filesArchived` → `Files archived`, `AGENT_ALIVE` → `Agent alive`. */
export function sayName(name: string): string {
  const spaced = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
