import { parseArgs } from 'node:util';
import { numberIn } from '../numberIn.ts';

/** How long and how hard a campaign is, and what it draws from. */
export interface CampaignOptions {
  /** The same seed draws the same faults in the same order; when they strike depends on the machine. */
  readonly seed: string;
  readonly minutes: number;
  /** Simulated instruments; three at least; the first PC's clock is a day fast, the second's a day slow. */
  readonly instruments: number;
  readonly hosts: number;
  /** Files a minute of each instrument. */
  readonly rate: number;
  /** Also lets a PC fall silent on purpose and waits for the alert: some minutes more. */
  readonly silences: boolean;
}

export const usage = `npm run chaos -- [--seed N] [--minutes 4] [--instruments 4] [--hosts 2] [--rate 60]

Breaks a whole platform in every way it knows while instruments produce, then checks it from outside. Exit code 0: nothing
was lost, doubled, missed or told under two ids; 1: something was; 2: it could not be run.`;

/** Reads the command line; throws, with what was wanted, for what it does not know. */
export function readOptions(argv: readonly string[]): CampaignOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      minutes: { type: 'string', default: '4' },
      instruments: { type: 'string', default: '4' },
      hosts: { type: 'string', default: '2' },
      rate: { type: 'string', default: '60' },
    },
  });
  return {
    seed: values.seed,
    minutes: numberIn('--minutes', values.minutes, 0.5, 600),
    instruments: numberIn('--instruments', values.instruments, 3, 20),
    hosts: numberIn('--hosts', values.hosts, 1, 4),
    rate: numberIn('--rate', values.rate, 1, 600),
    silences: true,
  };
}
