/** What a total was before, and what it is now. */
export interface VolumeFall {
  /** Null: nothing was ever counted. */
  readonly previous: number | null;
  readonly live: number;
  /** A fall by more than so many per cent is not believed. */
  readonly maxFallPercent: number;
}

export interface VolumeVerdict {
  readonly verdict: 'first' | 'ok' | 'stopped';
  /** For people; null when there is nothing to say. */
  readonly detail: string | null;
}

/** Whether a total may be believed (SPEC O6): a feed that suddenly holds far less was emptied, cut off or exchanged. */
export function volumeVerdict({ previous, live, maxFallPercent }: VolumeFall): VolumeVerdict {
  if (previous === null) return { verdict: 'first', detail: null };
  const fallPercent = previous === 0 ? 0 : ((previous - live) / previous) * 100;
  if (fallPercent <= maxFallPercent) return { verdict: 'ok', detail: null };
  const numbers = `${String(live)} where there were ${String(previous)}`;
  const detail = `${numbers}: a fall of ${String(Math.round(fallPercent))} %, more than the ${String(maxFallPercent)} % that are believed`;
  return { verdict: 'stopped', detail };
}
