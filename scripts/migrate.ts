import { parseArgs } from 'node:util';
import {
  checkSchemaVersion,
  type Database,
  letAppIn,
  migrate,
  planRelease,
  withRetry,
} from '../functions/platform/database/index.ts';
import { runCommand } from './operating/runCommand.ts';
import { withOwnDatabase } from './operating/withOwnDatabase.ts';

const usage = `migrate [--contract] [--release-at TIME] [--app-user NAME [--app-client-id GUID]] [--dry-run] [--database-url-file FILE]

The deploy step of the database, run as the owner of its schema (in Azure: the Entra administrator):
  (nothing)             before the new code runs: what expands, and all of it in an empty database
  --contract            after the new code runs: what contracts; refused in the release that expanded
  --release-at TIME     when this release was made, the time of its commit; needed by --contract
  --app-user NAME       also lets this managed identity in, with the right to read and write rows and no other
  --app-client-id GUID  its client id: replaces the user of a deleted identity of the same name
  --dry-run             says what would run, changes nothing
The database is DATABASE_URL, or what the file holds. It may be stopped and started again, and run twice at a time.
Exit code 0: done; 2: refused or could not, and nothing of the migration that failed is left.`;

await runCommand('migrate', main);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      contract: { type: 'boolean', default: false },
      'release-at': { type: 'string' },
      'app-user': { type: 'string' },
      'app-client-id': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'database-url-file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const step = { contract: values.contract, releaseAt: releaseAt(values['release-at'], values.contract) };
  await withOwnDatabase({ urlFile: values['database-url-file'], poolMax: 2 }, async (database) => {
    // A database that is paused or fails over is waited for; each migration is done once, whole, or not at all.
    await withRetry(() => migrateAsPlanned(database, step, values['dry-run']));
    const name = values['app-user'];
    const clientId = values['app-client-id'];
    if (name === undefined || values['dry-run']) return;
    await withRetry(() => letAppIn(database, { name, ...(clientId !== undefined && { clientId }) }));
    console.log(`${name} may read and write rows.`);
  });
  return 0;
}

async function migrateAsPlanned(
  database: Database,
  { contract, releaseAt }: { contract: boolean; releaseAt: Date },
  isDry: boolean,
): Promise<void> {
  const plan = await planRelease(database, { phase: contract ? 'contract' : 'expand', releaseAt });
  const ran = isDry ? plan.names : await migrate(database, { target: plan.target });
  console.log(`${isDry ? 'Would run' : 'Ran'}: ${ran.join(', ') || 'nothing'}.`);
  if (!isDry) console.log(`The schema is at ${String(await checkSchemaVersion(database))}.`);
}

function releaseAt(text: string | undefined, isNeeded: boolean): Date {
  if (text === undefined && !isNeeded) return new Date();
  const at = new Date(text ?? '');
  if (!Number.isNaN(at.getTime())) return at;
  throw new Error(
    `--release-at ${text ?? 'is missing'}; wanted: the time of the release’s commit, as ISO 8601`,
  );
}
