import { runCampaign } from './campaign.ts';
import { type CampaignOptions, readOptions, usage } from './options.ts';
import { closingLine, isGood, table } from './verdict.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function options(): CampaignOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    process.exit(2);
  }
}

try {
  const chosen = options();
  say(`chaos --seed ${chosen.seed} --minutes ${String(chosen.minutes)}`);
  const outcome = await runCampaign(chosen, say);
  for (const line of table(outcome)) say(line);
  say(closingLine(outcome));
  process.exit(isGood(outcome) ? 0 : 1);
} catch (error) {
  process.stderr.write(
    `the campaign could not be run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(2);
}
