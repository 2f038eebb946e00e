import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate, openDatabase } from '../../functions/platform/database/index.ts';
import { startEmbeddedPostgres } from '../../local/database/embedded.ts';

export interface TemplateServer {
  /** A URL whose user may create databases. */
  readonly adminUrl: string;
  /** The name of a migrated, empty database nobody is connected to. */
  readonly template: string;
  close(): Promise<void>;
}

/** A PostgreSQL server (`TEST_POSTGRES_URL`, else an embedded one of its own) with a migrated database to copy from. */
export async function startTemplateServer(): Promise<TemplateServer> {
  const given = process.env['TEST_POSTGRES_URL'];
  const server =
    given === undefined ? await startThrowAwayServer() : { url: given, close: async () => undefined };
  const template = `datasync_template_${randomUUID().slice(0, 8)}`;
  await runAsAdmin(server.url, `CREATE DATABASE ${template}`);
  const database = await openDatabase({ url: urlOfDatabase(server.url, template), poolMax: 1 });
  await migrate(database);
  await database.close();
  return {
    adminUrl: server.url,
    template,
    close: async () => {
      await runAsAdmin(server.url, `DROP DATABASE IF EXISTS ${template}`);
      await server.close();
    },
  };
}

/** A database of that name, like the template. Its files are copied: through the server's log it would cost three times as much. */
export async function copyTemplate(
  { adminUrl, template }: Pick<TemplateServer, 'adminUrl' | 'template'>,
  name: string,
): Promise<void> {
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
}

/** For statements that no transaction takes; a client of its own, so that no pool is in their way. */
export async function runAsAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function urlOfDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function startThrowAwayServer() {
  const dataDir = await mkdtemp(join(tmpdir(), 'datasync-test-postgres-'));
  const server = await startEmbeddedPostgres({ dataDir, durability: 'off' });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
