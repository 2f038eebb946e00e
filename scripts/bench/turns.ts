import { execFileSync } from 'node:child_process';

/** One side of a comparison: measures once and leaves nothing behind. */
type Side = () => Promise<number>;

export interface Turns {
  readonly ours: readonly number[];
  readonly peer: readonly number[];
}

/**
 * Measures both sides once a round. Who is first changes from round to round, and before each turn the disk has what
 * earlier ones wrote: otherwise a side would pay for the other's writing, and later rounds for all before them. A round
 * before the first is not counted: it warms caches and the servers' code. `rounds`: even, so that each is first as often.
 */
export async function measureInTurns(rounds: number, sides: { ours: Side; peer: Side }): Promise<Turns> {
  const turns = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const);
    for (const side of order) {
      syncDisk();
      const measured = await sides[side]();
      if (round > 0) turns[side].push(measured);
    }
  }
  return turns;
}

/** Windows has no such command, and writes on its own sooner. */
function syncDisk(): void {
  if (process.platform !== 'win32') execFileSync('sync');
}
