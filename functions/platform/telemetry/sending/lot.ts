/**
 * 0 to 1, the same for all of one operation. From the end of its id: an id that is a UUIDv7 begins with the time, which would
 * keep the operations of one hour and leave out those of the next.
 */
export function lotOf(traceId: string | undefined): number {
  return traceId === undefined ? Math.random() : Number.parseInt(traceId.slice(-8), 16) / 2 ** 32;
}
