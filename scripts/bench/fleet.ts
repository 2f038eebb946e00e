import { CompiledQuery } from 'kysely';
import { type Database, openDatabase } from '../../functions/platform/database/index.ts';

/** A runner with one job, as if an operator had approved it. */
export interface BenchAgent {
  readonly runnerId: string;
  readonly jobId: string;
  readonly key: string;
}

/** Puts `count` approved agents with a job each into the platform's database (PostgreSQL), and gives their keys. */
export async function seedAgents(databaseUrl: string, count: number): Promise<BenchAgent[]> {
  const database = await openDatabase({ url: databaseUrl, poolMax: 1, statementTimeoutMs: 300_000 });
  try {
    await seedRunners(database, count);
  } finally {
    await database.close();
  }
  return Array.from({ length: count }, (_, index) => benchAgent(index + 1));
}

/** Gives each of the first `agents` so many rows of the state index, in date folders of 500. */
export async function seedIndex(databaseUrl: string, agents: number, filesEach: number): Promise<void> {
  const database = await openDatabase({ url: databaseUrl, poolMax: 1, statementTimeoutMs: 600_000 });
  const text = `insert into synced_files (job_id, path_key, path, source_key, source_path, folder_key, size_bytes,
      source_mtime_ms, checksum, etag, share_modified_at, created_at, updated_at)
    select 'job-' || a, key, path, key, path, sha256((f / 500)::text::bytea), 300000 + f, 0, encode(key, 'hex'), '"1"',
      now(), now(), now()
    from generate_series(1, $1::int) as a, generate_series(1, $2::int) as f,
      lateral (select 'D' || f / 500 || '/ARGO_' || f || '.geo' as path) as p,
      lateral (select sha256(path::bytea) as key) as k`;
  try {
    await database.db.executeQuery(CompiledQuery.raw(text, [agents, filesEach]));
    await database.db.executeQuery(CompiledQuery.raw('vacuum analyze synced_files'));
  } finally {
    await database.close();
  }
}

function benchAgent(number: number): BenchAgent {
  return {
    runnerId: `bench-${String(number)}`,
    jobId: `job-${String(number)}`,
    key: `key-of-bench-${String(number)}`,
  };
}

/** The nonce of every simulated agent's process: each has been alive for a while. */
export const NONCE = 'bench-process';

async function seedRunners({ db }: Database, count: number): Promise<void> {
  const organization = await db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
  const run = (text: string) => db.executeQuery(CompiledQuery.raw(text, [organization.id, count]));
  await run(`insert into runners (id, organization_id, name, host_name, platform, time_zone, status, generation, key_hash,
      key_slot, share_name, instance_nonce, instance_seen_at, version, created_at, updated_at)
    select 'bench-' || i, $1, 'Bench ' || i, 'BENCH' || i, 'win32 x64', 'UTC', 'active', 1, hash, hash, 'bench-' || i,
      '${NONCE}', now(), 1, now(), now()
    from generate_series(1, $2::int) as i, lateral (select encode(sha256(('key-of-bench-' || i)::bytea), 'hex') as hash)`);
  await run(`insert into jobs (id, organization_id, runner_id, name, kind, source_path, share_name, share_path,
      schedule_seconds, include_json, exclude_json, enabled, config_version, version, created_at, updated_at)
    select 'job-' || i, $1, 'bench-' || i, 'geometry', 'geometry', 'C:\\Argo\\Data', 'bench-' || i, '', 300, '[]', '[]',
      true, 1, 1, now(), now()
    from generate_series(1, $2::int) as i`);
  await db.executeQuery(CompiledQuery.raw('analyze'));
}
