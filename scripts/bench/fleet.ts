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

export function benchAgent(number: number): BenchAgent {
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
