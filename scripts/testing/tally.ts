/** What one step of `npm test` found. A check counts as one; a vitest project counts its tests. */
export interface Tally {
  passed: number;
  failed: number;
  /** What the reader must not overlook; printed again just above the closing line. */
  remarks: string[];
}

/** Adds up the steps; their remarks keep their order. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.reduce((total, { failed }) => total + failed, 0),
    remarks: tallies.flatMap(({ remarks }) => remarks),
  };
}

/** True when something ran and nothing failed: a selection that ran nothing proves nothing. */
export function isGreen({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}

/** The last line of `npm test` and of `.ci/run`, for people and scripts alike. */
export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
