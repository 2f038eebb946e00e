interface Bound {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure of ours beside a peer's, both measured in the same run. */
export interface Comparison {
  /** SPEC row, `P6`. */
  readonly id: string;
  readonly what: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly unit: string;
  /** The bound that ours/peer should keep; left out: the ratio is only to be known. */
  readonly target?: Bound;
}

/** What a comparison was made of, a rate each turn. */
export interface Spread extends Pick<Comparison, 'id' | 'what' | 'peerName' | 'unit'> {
  readonly ours: readonly number[];
  readonly peer: readonly number[];
}

/** A figure with a bound and no peer. */
export interface Figure extends Bound {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** Prints a comparison as one line with its ratio, and whether the target was met if there is one. */
export function printComparison(result: Comparison): void {
  const ratio = result.ours / result.peer;
  const met = result.target === undefined ? '' : ` (${verdict(ratio, result.target)})`;
  print(
    `${result.id}  ${result.what}: ${short(result.ours)} ${result.unit}, ${result.peerName} ${short(result.peer)} ${result.unit}; ` +
      `ratio ${ratio.toFixed(2)}${met}`,
  );
}

export function printFigure(figure: Figure): void {
  const { id, what, value, unit } = figure;
  print(`${id}  ${what}: ${short(value)} ${unit} (${verdict(value, figure)})`);
}

/** `target ≤ 2: met` */
function verdict(value: number, { atLeast, atMost }: Bound): string {
  const isMet = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  const bound = atLeast === undefined ? `≤ ${String(atMost)}` : `≥ ${String(atLeast)}`;
  return `target ${bound}: ${isMet ? 'met' : 'MISSED'}`;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** How far the measurements behind a comparison lie apart: a ratio says little where they overlap. */
export function printSpread({ id, what, ours, peer, peerName, unit }: Spread): void {
  print(`${id}  ${what}, slowest to fastest: ${range(ours)} ${unit}, ${peerName} ${range(peer)} ${unit}`);
}

function range(values: readonly number[]): string {
  return `${short(Math.min(...values))} to ${short(Math.max(...values))}`;
}

/** The median of an odd number of measurements; the upper of the two middle ones otherwise. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value that `percent` of the measurements do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
