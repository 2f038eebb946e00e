import { parseArgs } from 'node:util';
import { numberIn } from '../numberIn.ts';

/** How much is copied, and how often a host is killed meanwhile. */
export interface HostKillOptions {
  /** The same seed draws the same moments. */
  readonly seed: string;
  /** Of each copy. */
  readonly pages: number;
  readonly kills: number;
  readonly hosts: number;
  /** Copies that are under way at the same time. */
  readonly copies: number;
}

export const usage = `npm run chaos -- workflows [--seed N] [--pages 200] [--kills 20] [--hosts 2] [--copies 2]

Copies pages of an API by workflows while hosts are killed with kill −9 and started again, then compares ids with the API's
own list. Exit code 0: every row is there once and the API saw each page's key; 1: not so; 2: it could not be run.`;

/** Reads the command line; throws, with what was wanted, for what it does not know. */
export function readOptions(argv: readonly string[]): HostKillOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      pages: { type: 'string', default: '200' },
      kills: { type: 'string', default: '20' },
      hosts: { type: 'string', default: '2' },
      copies: { type: 'string', default: '2' },
    },
  });
  const pages = numberIn('--pages', values.pages, 10, 10_000);
  return {
    seed: values.seed,
    pages,
    // More would strike one page again and again, which rightly ends its run.
    kills: numberIn('--kills', values.kills, 1, pages / 5),
    hosts: numberIn('--hosts', values.hosts, 1, 4),
    copies: numberIn('--copies', values.copies, 1, 20),
  };
}
