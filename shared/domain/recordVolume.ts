/** What is known about how many records a run of this kind usually reads. */
export interface RecordVolume {
  /** Records that the run read; null for work that counts none. */
  readonly read: number | null;
  /** The source itself said that there was nothing to read (an idle scan). */
  readonly idleProved: boolean;
  /** Records that earlier sound runs of the same kind read, in any order. */
  readonly earlier: readonly number[];
  /** `delta`: how much there is to read differs from run to run, so that only nothing at all is suspicious. */
  readonly kind: 'full' | 'delta';
}

/** Fewer earlier runs than this say nothing about what is usual. */
const ENOUGH_RUNS = 3;
/** Below this part of what is usual, something is missing. */
const LEAST_PART = 0.2;

/**
 * Why a run that succeeded is not to be believed (SPEC W11), for people; null when there is nothing to doubt.
 * Nothing read is doubted unless the source said so itself: idle is proved, never assumed.
 */
export function volumeDoubt(volume: RecordVolume): string | null {
  const { read, idleProved, earlier, kind } = volume;
  if (read === null) return null;
  if (read === 0)
    return idleProved ? null : 'it read no records, and the source did not say that there were none';
  if (kind === 'delta' || earlier.length < ENOUGH_RUNS) return null;
  const usual = median(earlier);
  if (read >= usual * LEAST_PART) return null;
  return `it read ${String(read)} records, where ${String(usual)} are usual`;
}

/** Whether whoever started a run with this payload had looked, and says that there is so much less now. */
export function acceptsFall(payload: unknown): boolean {
  return (
    typeof payload === 'object' && payload !== null && 'acceptFall' in payload && payload.acceptFall === true
  );
}

/** What is usual since the newest run whose fall somebody accepted, that one with it; of runs newest first. */
export function sinceAcceptedFall<Run extends { readonly payload: unknown }>(
  runs: readonly Run[],
): readonly Run[] {
  const accepted = runs.findIndex(({ payload }) => acceptsFall(payload));
  return accepted < 0 ? runs : runs.slice(0, accepted + 1);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
