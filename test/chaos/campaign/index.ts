import type { Attack } from '../attack.ts';
import { runCampaign } from './campaign.ts';
import { type CampaignOptions, readOptions, usage } from './options.ts';
import { closingLine, isGood, table } from './verdict.ts';

/** A whole platform, broken in every way that is known while instruments produce. */
export const campaign: Attack<CampaignOptions> = {
  usage,
  read: readOptions,
  perform: async (options, say) => {
    say(`chaos --seed ${options.seed} --minutes ${String(options.minutes)}`);
    const outcome = await runCampaign(options, say);
    for (const line of [...table(outcome), closingLine(outcome)]) say(line);
    return isGood(outcome);
  },
};
