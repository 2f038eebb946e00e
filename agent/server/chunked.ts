/** Cuts a sequence into pieces that stay within a number of items and of JSON bytes; a single larger item goes alone. */
export function* chunked<T>(items: Iterable<T>, limit: { count: number; bytes: number }): Generator<T[]> {
  let piece: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const itemBytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (piece.length > 0 && (piece.length >= limit.count || bytes + itemBytes > limit.bytes)) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(item);
    bytes += itemBytes;
  }
  if (piece.length > 0) yield piece;
}
