import type { Outcome } from './campaign.ts';

const SHOWN = 20;

/** The outcome for people: faults and how often each struck, then the count. */
export function table({ archive, struck, unexplainedEnds }: Outcome): string[] {
  const faults = [...struck].map(([name, times]) => row(name, times));
  return [
    ...['', 'fault'.padEnd(60) + 'struck', ...faults],
    ...['', 'files'.padEnd(60) + 'count'],
    row('produced', archive.produced),
    row('purged by the instruments', archive.purged),
    row('archived and equal', archive.equal),
    row('lost', archive.lost.length),
    row('archived twice', archive.doubled.length),
    row('rows by which the state index differs from the share', archive.indexDrift),
    row('ends of agents that no kill explains', unexplainedEnds.length),
    ...[...archive.lost, ...archive.doubled, ...unexplainedEnds].slice(0, SHOWN),
    '',
  ];
}

function row(name: string, count: number): string {
  return name.padEnd(60) + String(count).padStart(6);
}

/** The last line of a campaign, for people and scripts alike. */
export function closingLine({ archive }: Outcome): string {
  return `lost ${String(archive.lost.length)}, doubled ${String(archive.doubled.length)}`;
}

/** True when something was produced and everything that was is as it must be. */
export function isGood({ archive, unexplainedEnds }: Outcome): boolean {
  const faults = archive.lost.length + archive.doubled.length + archive.indexDrift + unexplainedEnds.length;
  return archive.equal > 0 && faults === 0;
}
