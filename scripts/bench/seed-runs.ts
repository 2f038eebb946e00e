import { CompiledQuery } from 'kysely';
import { openDatabase } from '../../functions/platform/database/index.ts';

/** Workflows that run on schedules; the last one was taken out of service long ago. */
export const WORKFLOWS = [
  'SyncAllPeople',
  'ReconcileDonations',
  'tga_sync',
  'cricos_sync',
  'OldSync',
] as const;
/** Runs are spread over so many days before now. */
export const DAYS = 400;
/** The retired workflow ran, and the retired instrument was alive, in the first of them. */
export const RETIRED_AFTER_DAYS = 80;

/**
 * Fills the feed with `count` runs: nine of ten are file syncs of `agents` instruments (the last one retired); the
 * others are workflows, one of them retired. 96 in 100 are complete; some failed, are partial or stale.
 */
export async function seedRuns(databaseUrl: string, agents: number, count: number): Promise<void> {
  const database = await openDatabase({ url: databaseUrl, poolMax: 1, statementTimeoutMs: 900_000 });
  const { db } = database;
  const run = (text: string, ...values: unknown[]) => db.executeQuery(CompiledQuery.raw(text, values));
  const columns = `id, organization_id, sync_type, job_id, runner_id, correlation_id, live_key, status, trigger_kind,
    payload_json, files_examined, files_needed, files_archived, files_skipped, files_failed, bytes_archived, slice,
    slice_attempts, started_at, ended_at, last_activity_at, version, created_at, updated_at, code_version, error_tag,
    records_in, records_out`;
  const status = `case when i % 1000 < 10 then 'failed' when i % 1000 < 35 then 'partial' when i % 1000 < 40 then 'stale'
    else 'complete' end`;
  const { id: organizationId } = await db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
  try {
    // The retired instrument's runs all lie in the first days; of the others each has its part of every day.
    await run(
      `insert into sync_runs (${columns})
       select id, $3, 'file_sync', 'job-' || a, 'bench-' || a, id, id, ${status}, 'agent', '{}', 2000, 12, 12, 0, 0,
         3600000, 0, 0, at, at + interval '40 seconds', at + interval '40 seconds', 3, at, at, null, null, null, null
       from generate_series(1, $1::int) as i,
         lateral (select case when i % $2::int = 0 then $2::int else i % $2::int end as a) as agent,
         lateral (select now() - make_interval(secs => (case when a = $2::int
           then ${String(DAYS)} - ${String(RETIRED_AFTER_DAYS)}.0 * i / $1 else ${String(DAYS)} * (1 - i::float / $1) end) * 86400) as at) as t,
         lateral (select 'file-sync-' || to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24-MI-SS"Z"') || '-'
           || substr(md5(i::text), 1, 12) as id) as u`,
      Math.round(count * 0.9),
      agents,
      organizationId,
    );
    for (const [place, name] of WORKFLOWS.entries()) {
      const days = place === WORKFLOWS.length - 1 ? RETIRED_AFTER_DAYS : DAYS;
      await run(
        `insert into sync_runs (${columns})
         select id, $3, $2::text, null, null, id, id, ${status}, 'cron', '{}', 0, 0, 0, 0, 0, 0, 4, 0, at,
           at + interval '90 seconds', at + interval '90 seconds', 9, at, at, '0.1.0',
           case when i % 1000 < 10 then 'ServiceUnavailableError' end, 1200, 1200
         from generate_series(1, $1::int) as i,
           lateral (select now() - interval '${String(DAYS)} days' + make_interval(secs => ${String(days)} * 86400.0 * i / $1) as at) as t,
           lateral (select lower(replace($2::text, '_', '-')) || '-' || to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24-MI-SS"Z"') || '-'
             || lpad(to_hex(i), 8, '0') as id) as u`,
        Math.round((count * 0.1) / WORKFLOWS.length),
        name,
        organizationId,
      );
    }
    await run('vacuum analyze sync_runs');
  } finally {
    await database.close();
  }
}
