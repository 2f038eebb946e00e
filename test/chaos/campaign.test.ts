import { expect, it } from 'vitest';
import { runCampaign } from './campaign/campaign.ts';
import { closingLine, isGood, table } from './campaign/verdict.ts';

const seed = process.env['CHAOS_SEED'] ?? String(Date.now() % 1_000_000);

it(
  `D6 F4 F6 F7 F14 S9 S13 W1 a short campaign of faults on two hosts loses, doubles and misses nothing (CHAOS_SEED=${seed})`,
  { timeout: 540_000 },
  async () => {
    const story: string[] = [];
    const options = { seed, minutes: 0.5, instruments: 3, hosts: 2, rate: 60, silences: false };
    const outcome = await runCampaign(options, (line) => story.push(line));
    const shown = [...story, ...table(outcome)].join('\n');
    expect(closingLine(outcome), shown).toBe('lost 0, doubled 0, missed alerts 0, second delivery ids 0');
    expect(isGood(outcome), shown).toBe(true);
  },
);
