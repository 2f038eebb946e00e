import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ensureFirstAdmin } from '../functions/access/index.ts';
import { checkSchemaVersion, openDatabase } from '../functions/platform/database/index.ts';
import { databaseUrl } from './operating/databaseUrl.ts';
import { runCommand } from './operating/runCommand.ts';

const usage = `first-admin ADDRESS [--name NAME] [--database-url-file FILE]

Makes ADDRESS an admin of the platform, or gives one that is there a new password and enables it again, which
ends its sessions and tokens; prints the password, once.
For whoever holds the database (in Azure: the Entra administrator), when nobody can sign in; all others are made on the dashboard.
The database is DATABASE_URL, or what the file holds; its schema must be there (scripts/migrate).
Exit code 0: done; 2: refused or could not.`;

await runCommand('first-admin', main);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      'database-url-file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [email, ...others] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (email === undefined || others.length > 0 || !/^[^@\s]+@[^@\s]+$/.test(email))
    throw new Error(`wanted: one e-mail address\n\n${usage}`);
  // 24 characters out of 64: what people choose themselves is weaker.
  const password = randomBytes(18).toString('base64url');
  const database = await openDatabase({ url: databaseUrl(values['database-url-file']), poolMax: 1 });
  try {
    await checkSchemaVersion(database);
    const { created } = await ensureFirstAdmin(database, {
      email,
      password,
      now: new Date(),
      ...(values.name === undefined ? {} : { displayName: values.name }),
    });
    console.log(
      `${email} ${created ? 'is an admin now' : 'has a new password'}; change it after signing in:\n${password}`,
    );
  } finally {
    await database.close();
  }
  return 0;
}
