import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { reachableBinaries } from '../../local/database/binaries.ts';
import { startEmbeddedPostgres } from '../../local/database/embedded.ts';
import type { EmbeddedPostgres } from '../../local/database/embedded.ts';

let root: string;
let dataDir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasync-embedded-')); // 0700: as root, the server's user cannot pass it
  dataDir = join(root, 'postgres');
});
// Processes of the server may still end.
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durability: 'off' });
  onTestFinished(() => server.close());
  return server;
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const serverPid = async () =>
  Number.parseInt(await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8'), 10);
const noted = (url: string) => query<{ note: string }>(url, 'SELECT note FROM notes ORDER BY note');

/** Another process that starts a server in the folder, writes a row and prints the URL; the test kills it. */
async function startElsewhere(): Promise<{ url: string; kill(): Promise<void> }> {
  const script = `
    import pg from 'pg';
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, '../../local/database/embedded.ts'))};
    const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durability: 'off' });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("CREATE TABLE IF NOT EXISTS notes (note text); INSERT INTO notes VALUES ('elsewhere')");
    await client.end();
    console.log(url);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../..'),
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: chunk.toString().trim(), kill };
}

describe('L1 the embedded database', () => {
  it('L1 starts in a folder that other users cannot pass, and keeps everything over a stop', async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE notes (note text); INSERT INTO notes VALUES ('kept')");
    await first.close();
    await first.close();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow();
    const second = await start();
    expect(await noted(second.url)).toEqual([{ note: 'kept' }]);
    expect((await stat(dataDir)).mode & 0o077).toBe(0);
  });

  it('S9 writes no value of a row to its log, whatever fails', async () => {
    const lines: string[] = [];
    const server = await startEmbeddedPostgres({
      dataDir,
      durability: 'off',
      log: (line) => lines.push(line),
    });
    onTestFinished(() => server.close());
    await query(server.url, 'CREATE TABLE people (email text PRIMARY KEY, age integer CHECK (age > 0))');
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const add = (values: unknown[]) => client.query('INSERT INTO people VALUES ($1, $2)', values);
    await add(['someone@example.org', 1]);
    await expect(add(['someone@example.org', 2])).rejects.toThrow('people_pkey');
    await expect(add(['other@example.org', -1])).rejects.toThrow('people_age_check');
    await expect(client.query("INSERT INTO people VALUES ('third@example.org', 0)")).rejects.toThrow();
    await client.end();
    await server.close();
    const text = lines.join('\n');
    expect(text.match(/people_(pkey|age_check)/g)).toHaveLength(3);
    expect(text).not.toContain('@example.org');
  });

  it('L1 orders text by code point, takes any name, and asks for its password', async () => {
    const { url } = await start();
    const [row] = await query<{ sorted: string[] }>(
      url,
      "SELECT array_agg(t ORDER BY t) AS sorted FROM unnest(ARRAY['b','B','é','_','😀']) t",
    );
    expect(row?.sorted).toEqual(['B', '_', 'b', 'é', '😀']);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password/);
  });

  it('L1 goes on with its data after its process was killed', async () => {
    const elsewhere = await startElsewhere();
    await elsewhere.kill();
    const server = await start();
    expect(await noted(server.url)).toEqual([{ note: 'elsewhere' }]);
  });

  it('L1 goes on after the server itself was killed, with its own processes left behind', async () => {
    const elsewhere = await startElsewhere();
    process.kill(await serverPid(), 'SIGKILL');
    await elsewhere.kill();
    const server = await start();
    expect(await noted(server.url)).toEqual([{ note: 'elsewhere' }]);
  });

  it('L1 stops the server that a dead process left in the folder, and starts its own', async () => {
    const orphan = await start();
    const orphanPid = await serverPid();
    await writeFile(join(dataDir, 'owner.json'), JSON.stringify({ pid: 2 ** 22 + 1, began: '1' }));
    const server = await start();
    expect(await serverPid()).not.toBe(orphanPid);
    await expect(query(orphan.url, 'SELECT 1')).rejects.toThrow();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('L1 refuses a folder that a living process uses, and leaves that one alone', async () => {
    const elsewhere = await startElsewhere();
    await expect(startEmbeddedPostgres({ dataDir, durability: 'off' })).rejects.toThrow(
      /process \d+ is using it/,
    );
    expect(await noted(elsewhere.url)).toEqual([{ note: 'elsewhere' }]);
    const mine = join(root, 'mine');
    const server = await startEmbeddedPostgres({ dataDir: mine, durability: 'off' });
    onTestFinished(() => server.close());
    await expect(startEmbeddedPostgres({ dataDir: mine })).rejects.toThrow(/is using it/);
  });

  it('L1 begins again where half a cluster was made', async () => {
    await mkdir(join(dataDir, 'cluster.new/base'), { recursive: true });
    await writeFile(join(dataDir, 'cluster.new/PG_VERSION'), '18');
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('L1 is started from a copy where its programs stand in a folder closed to others', async () => {
    const version = `test-${process.pid}`;
    const native = join(root, 'package/native');
    await mkdir(join(native, 'bin'), { recursive: true });
    await writeFile(join(root, 'package/package.json'), JSON.stringify({ version }));
    for (const name of ['postgres', 'initdb'])
      await writeFile(join(native, 'bin', name), name, { mode: 0o755 });
    onTestFinished(() =>
      rm(join(tmpdir(), `datasync-postgres-${version}`), { recursive: true, force: true }),
    );
    const binaries = { postgres: join(native, 'bin/postgres'), initdb: join(native, 'bin/initdb') };
    const copies = await Promise.all([reachableBinaries(binaries), reachableBinaries(binaries)]);
    expect(copies[0].postgres).toBe(join(tmpdir(), `datasync-postgres-${version}`, 'bin', 'postgres'));
    expect(copies[1]).toEqual(copies[0]);
    expect(await readFile(copies[0].initdb, 'utf8')).toBe('initdb');
  });
});
