import type { HostKillOutcome } from './killHosts.ts';

const SHOWN = 20;

/** The outcome for people: what was done, and the first of what is wrong. */
export function table(outcome: HostKillOutcome): string[] {
  const { killed, repeated, rows } = outcome;
  return [
    '',
    row('hosts killed', killed),
    row('pages that were asked for again', repeated),
    row('rows stored', rows),
    ...wrong(outcome).slice(0, SHOWN),
    '',
  ];
}

function row(name: string, count: number): string {
  return name.padEnd(60) + String(count).padStart(6);
}

function wrong({ lost, doubled, foreign, untold, unfinished }: HostKillOutcome): string[] {
  return [...lost, ...doubled, ...foreign, ...untold, ...unfinished];
}

/** The last line, for people and scripts alike. */
export function closingLine({ lost, doubled, foreign, untold, unfinished }: HostKillOutcome): string {
  const counts = [lost, doubled, foreign, untold, unfinished].map((list) => String(list.length));
  return `lost ${counts[0] ?? ''}, doubled ${counts[1] ?? ''}, not listed ${counts[2] ?? ''}, keys never seen ${counts[3] ?? ''}, unfinished ${counts[4] ?? ''}`;
}

export function isGood(outcome: HostKillOutcome): boolean {
  return outcome.rows > 0 && outcome.killed > 0 && wrong(outcome).length === 0;
}
