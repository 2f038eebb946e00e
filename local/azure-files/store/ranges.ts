/**
 * The written ranges of a file: `[start, end, start, end, …]`, ends exclusive, sorted, neither touching nor
 * overlapping. A flat list, because a share holds a great many of them and most have one pair.
 */
export type Ranges = readonly number[];

/** The ranges with one more written. */
export function addRange(ranges: Ranges, start: number, end: number): Ranges {
  if (end <= start) return ranges;
  const merged: number[] = [];
  let from = start;
  let to = end;
  let placed = false;
  for (const [nextStart, nextEnd] of pairs(ranges)) {
    if (nextEnd < from) merged.push(nextStart, nextEnd);
    else if (nextStart > to) {
      if (!placed) merged.push(from, to);
      placed = true;
      merged.push(nextStart, nextEnd);
    } else {
      from = Math.min(from, nextStart);
      to = Math.max(to, nextEnd);
    }
  }
  if (!placed) merged.push(from, to);
  return merged;
}

/** The ranges without everything between start and end. */
export function removeRange(ranges: Ranges, start: number, end: number): Ranges {
  if (end <= start) return ranges;
  const rest: number[] = [];
  for (const [from, to] of pairs(ranges)) {
    if (from < Math.min(to, start)) rest.push(from, Math.min(to, start));
    if (Math.max(from, end) < to) rest.push(Math.max(from, end), to);
  }
  return rest;
}

/** The parts of the ranges that lie between start and end. */
export function clipRanges(ranges: Ranges, start: number, end: number): Ranges {
  const clipped: number[] = [];
  for (const [from, to] of pairs(ranges)) {
    if (Math.max(from, start) < Math.min(to, end)) clipped.push(Math.max(from, start), Math.min(to, end));
  }
  return clipped;
}

/** How many bytes the ranges cover. */
export function coveredBytes(ranges: Ranges): number {
  let sizeBytes = 0;
  for (const [from, to] of pairs(ranges)) sizeBytes += to - from;
  return sizeBytes;
}

/** The ranges one by one as `[start, end)`. */
export function* pairs(ranges: Ranges): Generator<readonly [start: number, end: number]> {
  for (let index = 0; index + 1 < ranges.length; index += 2)
    yield [ranges[index] ?? 0, ranges[index + 1] ?? 0];
}
