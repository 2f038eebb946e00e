import type { NameTime } from './clock.ts';
import type { Random } from './random.ts';

/** How a share must treat a file of this name. */
export type Expectation =
  /** It must come to be on the share. */
  | 'archived'
  /** Azure Files cannot hold it: it must be reported, and nothing else. */
  | 'refused'
  /** Either is right: a name that only some versions of the service refuse, or one of two that differ only in case. */
  | 'either';

/** `ARGO3_20261122_142233_0042`: instrument, wall-clock time, running number. */
export function fileStem(instrument: string, { stamp }: NameTime, sequence: number): string {
  return `${instrument}_${stamp}_${String(sequence).padStart(4, '0')}`;
}

/** The running number in a file name; 0 for a name without one. */
export function sequenceOf(name: string): number {
  return Number(/_\d{8}_\d{6}_(\d{4,})/u.exec(name)?.[1] ?? 0);
}

type OddName = (stem: string) => Buffer;
const text =
  (name: (stem: string) => string): OddName =>
  (stem) =>
    Buffer.from(name(stem));
const bytes =
  (...middle: number[]): OddName =>
  (stem) =>
    Buffer.concat([Buffer.from(stem), Buffer.from(middle), Buffer.from('.geo')]);

// Names that systems like this one were broken by; some are refused by Azure Files, the others must arrive unharmed.
const oddNames: readonly [OddName, ...OddName[]] = [
  text((stem) => `${stem}%41.geo`),
  text((stem) => `${stem} 50% & #1 +.geo`),
  text((stem) => `${stem}_🧪.geo`),
  text((stem) => `${stem}_e\u0301.geo`),
  text((stem) => `${stem}~1.geo`),
  text((stem) => `${stem.padEnd(251, 'x')}.geo`),
];
const oddNamesOfUnix: readonly OddName[] = [
  text((stem) => `${stem}:b.geo`),
  text((stem) => `${stem}?.geo`),
  text((stem) => `${stem}\\b.geo`),
  text((stem) => `${stem}\u0007.geo`),
  text((stem) => `${stem}\n.geo`),
  text((stem) => `${stem}.geo.`),
  text((stem) => `${stem}.geo `),
  text(() => 'CON.geo'),
  text(() => 'COM1.geo'),
  bytes(0xff, 0xfe),
  bytes(0xed, 0xa0, 0x80),
];

/** A name to stumble over. Windows gets only those that it can hold; macOS refuses bytes that are no text. */
export function drawOddName(stem: string, random: Random, platform: NodeJS.Platform): Buffer {
  const names: readonly [OddName, ...OddName[]] =
    platform === 'win32' ? oddNames : [...oddNames, ...oddNamesOfUnix];
  return random.pick(names)(stem);
}

/** The same name with the case of its letters swapped: another file on Linux, the same one to Azure Files. */
export function caseTwin(name: string): string {
  const lower = name.toLowerCase();
  return lower === name ? name.toUpperCase() : lower;
}

const reserved = /^(?:con|prn|aux|nul|clock\$|com[1-9]|lpt[1-9])(?:\.|$)/iu;

/** Naming rules of Azure Files, written down here once more on purpose: what judges the agent must not share its code. */
export function expectationOf(name: Buffer): Expectation {
  const decoded = name.toString('utf8');
  if (!Buffer.from(decoded).equals(name)) return 'refused';
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/["\\/:|<>*?\u0000-\u001f]/u.test(decoded) || /[. ]$/u.test(decoded)) return 'refused';
  return reserved.test(decoded) ? 'either' : 'archived';
}
