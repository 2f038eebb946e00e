import { parseArgs } from 'node:util';
import { reclaim, type Reclaimed, type ReclaimedRows } from '../functions/sweepers/reclaim.ts';
import { runCommand } from './operating/runCommand.ts';
import { withOwnDatabase } from './operating/withOwnDatabase.ts';

const usage = `reclaim [--file-days 7] [--run-days 30] [--dry-run] [--database-url-file FILE]

Frees space in a full database, whether the server runs or not:
  --file-days N   rows about single files go from runs that ended N days ago or earlier (the runs keep their totals)
  --run-days N    whole runs go N days after their end, but the newest and the last good one of each job
  --dry-run       say what would go, delete nothing
What is archived stays known: the state index is not touched. It may be stopped and started again.
The database is DATABASE_URL, or what the file holds. Exit code 0: done; 2: could not.`;

const SAY_EVERY_ROWS = 100_000;

await runCommand('reclaim', main);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'file-days': { type: 'string', default: '7' },
      'run-days': { type: 'string', default: '30' },
      'dry-run': { type: 'boolean', default: false },
      'database-url-file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const options = {
    fileDays: days('--file-days', values['file-days']),
    runDays: days('--run-days', values['run-days']),
    dryRun: values['dry-run'],
    now: new Date(),
    progress: sayNowAndThen(),
  };
  await withOwnDatabase({ urlFile: values['database-url-file'], poolMax: 1 }, async (database) => {
    console.log(summary(await reclaim(database, options), options.dryRun));
  });
  return 0;
}

function days(flag: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new Error(`${flag} ${text} is no number of days; wanted: a whole number from 0`);
}

function sayNowAndThen(): (done: ReclaimedRows) => void {
  let nextAt = SAY_EVERY_ROWS;
  return ({ runFiles, runs }) => {
    if (runFiles < nextAt) return;
    nextAt = runFiles + SAY_EVERY_ROWS;
    console.log(`… ${String(runFiles)} file rows, ${String(runs)} runs`);
  };
}

function summary(done: Reclaimed, isDry: boolean): string {
  const { runFiles, runs, bytesBefore, bytesAfter } = done;
  const verb = isDry ? 'Would delete' : 'Deleted';
  const size = (bytes: number | undefined) =>
    bytes === undefined ? 'unknown' : `${(bytes / 1_048_576).toFixed(1)} MiB`;
  return `${verb} ${String(runFiles)} file rows and ${String(runs)} runs. Database: ${size(bytesBefore)} before, ${size(bytesAfter)} now.`;
}
