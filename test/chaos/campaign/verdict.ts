import type { Outcome } from './campaign.ts';

const SHOWN = 20;

/** The outcome for people: faults and how often each struck, then the count. */
export function table({ archive, struck, told, unexplainedEnds, failedChecks }: Outcome): string[] {
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
    ...['', 'alerts'.padEnd(60) + 'count'],
    row('expected', told.expected),
    row('raised, expected or not', told.raised),
    row('missed', told.missed.length),
    row('deliveries', told.delivered),
    row('transitions with two delivery ids', told.secondIds.length),
    '',
    row('ends of agents that no kill explains', unexplainedEnds.length),
    row('failed checks of the fidelity audit', failedChecks.length),
    ...[
      ...archive.lost,
      ...archive.doubled,
      ...archive.driftKinds,
      ...told.missed,
      ...told.secondIds,
      ...unexplainedEnds,
      ...failedChecks,
    ].slice(0, SHOWN),
    '',
  ];
}

function row(name: string, count: number): string {
  return name.padEnd(60) + String(count).padStart(6);
}

/** The last line of a campaign, for people and scripts alike. */
export function closingLine({ archive, told }: Outcome): string {
  const { lost, doubled } = archive;
  const counts = [lost, doubled, told.missed, told.secondIds].map((list) => String(list.length));
  return `lost ${counts[0] ?? ''}, doubled ${counts[1] ?? ''}, missed alerts ${counts[2] ?? ''}, second delivery ids ${counts[3] ?? ''}`;
}

/** True when something was produced and expected, and everything that was is as it must be. */
export function isGood({ archive, told, unexplainedEnds, failedChecks }: Outcome): boolean {
  const lists = [archive.lost, archive.doubled, told.missed, told.secondIds, unexplainedEnds, failedChecks];
  const faults = lists.reduce((sum, list) => sum + list.length, archive.indexDrift);
  return archive.equal > 0 && told.expected > 0 && faults === 0;
}
