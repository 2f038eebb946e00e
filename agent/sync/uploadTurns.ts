/** Farther away than this, a deletion decides nothing: jobs take turns. */
const NEAR_MS = 24 * 3_600_000;

/**
 * The uploads of all jobs of an agent, a bounded number at a time. Of jobs that wait, the one whose next file is closest
 * to its deletion goes first (SPEC F14); where none is close, they take turns.
 */
export interface UploadTurns {
  /** Resolves when it is the file's turn; the upload ends by calling what it resolves with, once. */
  take(deletionInMs: number): Promise<() => void>;
}

interface Waiting {
  readonly deletionInMs: number;
  readonly begin: () => void;
}

export function uploadTurns(limit: number): UploadTurns {
  let taken = 0;
  const waiting: Waiting[] = [];
  const leave = () => {
    taken -= 1;
    // Each job waits with one file, so there are few.
    const next = waiting.reduce<Waiting | undefined>(nearer, undefined);
    if (next === undefined) return;
    waiting.splice(waiting.indexOf(next), 1);
    taken += 1;
    next.begin();
  };
  return {
    take: async (deletionInMs) => {
      if (taken < limit) taken += 1;
      else await new Promise<void>((begin) => void waiting.push({ deletionInMs, begin }));
      return leave;
    },
  };
}

/** Who came first stays first unless the other is nearer. */
function nearer(first: Waiting | undefined, other: Waiting): Waiting {
  if (first === undefined) return other;
  return Math.min(other.deletionInMs, NEAR_MS) < Math.min(first.deletionInMs, NEAR_MS) ? other : first;
}
