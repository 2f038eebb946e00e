import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import pg from 'pg';
import { announce, asError, readBody } from './serving.ts';

/** `node:http` and `pg` alone, with the statements that a heartbeat needs when it is the only one: the peer of P6. */
const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'], max: 20 });

interface Said {
  readonly instanceNonce: string;
  readonly agentVersion: string;
  readonly hostName: string;
  readonly platform: string;
  readonly timeZone: string;
  readonly azureFilesStatus: string;
  readonly clock: string;
  readonly active_jobs: readonly string[];
  readonly jobs: readonly { readonly jobId: string; readonly configVersion: number }[];
}

const storeText = `update runners set agent_version = $4, host_name = $5, platform = $6, time_zone = $7, address = $8,
  last_heartbeat = $9, active_jobs = $10, azure_files_status = $11, clock_offset_ms = $12, heartbeat_json = $13
  where id = $1 and generation = $2 and instance_nonce = $3 returning *`;
const gaugesText = `update jobs set source_count = r."sourceCount", source_bytes = r."sourceBytes",
  backlog_count = r."backlogCount", backlog_bytes = r."backlogBytes", oldest_unsynced_ms = r."oldestUnsyncedMs",
  purge_ahead = r."purgeAhead", produced_last_hour = r."producedLastHour", produced_last_day = r."producedLastDay",
  produced_peak_hour = r."producedPeakHour", upload_bytes_per_second = r."uploadBytesPerSecond",
  upload_files_per_hour = r."uploadFilesPerHour", source_reported_at = $3
  from jsonb_to_recordset($2::jsonb) as r("jobId" text, "sourceCount" int, "sourceBytes" bigint, "backlogCount" int,
    "backlogBytes" bigint, "oldestUnsyncedMs" bigint, "purgeAhead" int, "producedLastHour" int, "producedLastDay" int,
    "producedPeakHour" int, "uploadBytesPerSecond" bigint, "uploadFilesPerHour" int)
  where jobs.id = r."jobId" and jobs.runner_id = $1`;
const liveText = `update sync_runs set last_activity_at = $3, version = version + 1
  where runner_id = $1 and status = 'running' and live_key = any($2) returning id`;

async function answer(request: IncomingMessage): Promise<object> {
  const said = JSON.parse(await readBody(request)) as Said;
  const key = (request.headers.authorization ?? '').slice('Bearer '.length);
  const hash = createHash('sha256').update(key).digest('hex');
  const now = new Date();
  const found = await pool.query<{ id: string; generation: number }>(
    'select id, organization_id, generation, status from runners where key_slot = $1 and key_hash = $1',
    [hash],
  );
  const runner = found.rows[0];
  if (runner === undefined) throw new Error('unknown key');
  await pool.query(storeText, [
    ...[runner.id, runner.generation, said.instanceNonce, said.agentVersion, said.hostName, said.platform],
    ...[said.timeZone, '127.0.0.1', now, said.active_jobs.length, said.azureFilesStatus],
    ...[Date.parse(said.clock) - now.getTime(), JSON.stringify(said)],
  ]);
  const [jobs, commands] = await Promise.all([
    pool.query<{ id: string; config_version: number }>(
      'select * from jobs where runner_id = $1 order by name',
      [runner.id],
    ),
    pool.query(
      'select * from runner_commands where runner_id = $1 and acknowledged_at is null order by created_at, id limit 50',
      [runner.id],
    ),
    pool.query(gaugesText, [runner.id, JSON.stringify(said.jobs), now]),
  ]);
  if (said.active_jobs.length > 0) await pool.query(liveText, [runner.id, said.active_jobs, now]);
  const named = new Map(said.jobs.map((job) => [job.jobId, job.configVersion]));
  const isSame = jobs.rows.every((job) => named.get(job.id) === job.config_version);
  return {
    runnerId: runner.id,
    serverTime: now.toISOString(),
    heartbeatSeconds: 60,
    ...(isSame ? {} : { jobs: jobs.rows }),
    commands: commands.rows,
  };
}

const server = createServer((request, response) => {
  answer(request)
    .then((body) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    })
    .catch((error: unknown) => response.destroy(asError(error)));
});
announce(server);
