/**
 * The whole mark: a file on the share is whole when it is `ReadOnly` and not `Temporary`. Both change in one
 * set-properties call (or in the one request that creates a small file), after all bytes and metadata, so a listing
 * alone tells whole files from half-written ones. `attributes` is Azure's text: names joined by `|`, any case.
 */
export function isWhole(attributes: string): boolean {
  const names = new Set(attributes.split(/[|,]/).map((name) => name.trim().toLowerCase()));
  return names.has('readonly') && !names.has('temporary');
}
