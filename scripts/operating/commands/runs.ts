import { Option } from 'commander';
import { runs, runStatus } from '../../../shared/contract/fleet.ts';
import { fromInstant, toInstant, wholeNumber } from '../arguments.ts';
import { firstOf, noteMore } from '../feed.ts';
import { given } from '../given.ts';
import type { Add } from '../operator.ts';
import { runLines } from '../runTable.ts';

interface RunsOptions {
  readonly prefix?: string;
  readonly type?: string;
  readonly status?: (typeof runStatus.options)[number];
  readonly runner?: string;
  readonly job?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** Most runs that one call lists. */
export const MOST_RUNS = 10_000;

export const statusOption = (): Option =>
  new Option('--status <status>', 'only these').choices(runStatus.options);

export const addRuns: Add = (parent, act) => {
  const command = parent
    .command('runs')
    .description('the feed of all runs, newest first')
    .option('--prefix <text>', 'beginning of the run’s id: tga-sync-2026-04')
    .option('--type <type>', 'sync type: file_sync, tga_sync, SyncAllPeople')
    .addOption(statusOption())
    .option('--runner <id>', 'only of this runner')
    .option('--job <id>', 'only of this job')
    .option('--from <date>', 'begun then or later; a day in UTC, or an instant', fromInstant)
    .option('--to <date>', 'begun then or earlier', toInstant)
    .option('--limit <number>', 'at most so many', wholeNumber(1, MOST_RUNS), 50);
  command.action((options: RunsOptions) =>
    act(command, async ({ client, screen }) => {
      const { prefix, type: syncType, status, runner: runnerId, job: jobId, from, to, limit } = options;
      const filter = { prefix, syncType, status, runnerId, jobId, from, to };
      let now = '';
      const { items, nextCursor } = await firstOf(limit, async (at) => {
        const page = await client.call(runs, { query: { ...given(filter), ...at } });
        now = page.now;
        return { items: page.runs, nextCursor: page.nextCursor };
      });
      screen.answer({ now, runs: items, nextCursor }, (layout) => runLines(items, now, layout));
      noteMore(screen, nextCursor, limit);
      return 'done';
    }),
  );
};
