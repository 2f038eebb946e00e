import type { SliceOutcome } from '../slice.ts';

/** Thrown through `run` to leave it; caught by the engine only. What it stands for is in `Endings`. */
export class SliceEnds extends Error {
  override readonly name = 'SliceEnds';

  constructor() {
    super('This slice is over; do not catch what activities throw, let it pass');
  }
}

/** Why a slice ends before `run` does, or an error of the platform (the lease, the database). */
export type Ending = { readonly outcome: SliceOutcome } | { readonly error: unknown };

/** The first ending counts; from then on nothing begins any more, whatever `run` catches. */
export interface Endings {
  readonly reached: Ending | undefined;
  /** Throws `SliceEnds`, always. */
  end(ending: Ending): never;
  /** Throws `SliceEnds` when the slice is over. */
  check(): void;
}

export function openEndings(): Endings {
  let reached: Ending | undefined;
  return {
    get reached() {
      return reached;
    },
    end: (ending) => {
      reached ??= ending;
      throw new SliceEnds();
    },
    check: () => {
      if (reached !== undefined) throw new SliceEnds();
    },
  };
}
