import type { Random } from './random.ts';

/** What may be odd about a file (SPEC F15). */
export const oddities = [
  /** Keeps growing for minutes. */
  'growing',
  /** Nobody may read it for a while (root may). */
  'locked',
  /** Gets another name seconds after it was written. */
  'renamed',
  /** Has a name to stumble over. */
  'named',
  /** Stands beside a file whose name differs only in case. */
  'twins',
  /** Deleted seconds after it was written. */
  'vanishing',
  'empty',
  /** Changed again after it had been quiet long enough to be archived. */
  'changed',
] as const;

export type Oddity = (typeof oddities)[number];

/** Probability of each oddity per file, in [0, 1]; their sum is at most 1. */
export type OddityRates = Readonly<Record<Oddity, number>>;

/** One file in eleven: at six files a minute an instrument does something odd every two minutes. */
export const usualOddityRates: OddityRates = {
  growing: 0.005,
  locked: 0.01,
  renamed: 0.015,
  named: 0.02,
  twins: 0.005,
  vanishing: 0.01,
  empty: 0.01,
  changed: 0.015,
};

export const noOddities: OddityRates = {
  growing: 0,
  locked: 0,
  renamed: 0,
  named: 0,
  twins: 0,
  vanishing: 0,
  empty: 0,
  changed: 0,
};

/** Draws the oddity of one file; undefined for an ordinary one. */
export function drawOddity(random: Random, rates: OddityRates): Oddity | undefined {
  let rest = random.next();
  for (const oddity of oddities) {
    rest -= rates[oddity];
    if (rest < 0) return oddity;
  }
  return undefined;
}
