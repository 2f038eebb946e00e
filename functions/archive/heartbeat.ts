import type { heartbeat } from '../../shared/contract/agents.ts';
import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import { json, unlessFull } from '../platform/database/index.ts';
import { perServices } from '../platform/perServices.ts';
import type { Services } from '../platform/services.ts';
import { tellOfRequest } from '../platform/telemetry/asRequest.ts';
import type { Agent } from './agent.ts';
import { refuseUnsupportedVersion } from './agentVersion.ts';
import { isCredentialDue, issueCredentials } from './credentials.ts';
import { heartbeatsTogether } from './heartbeatsTogether.ts';
import { currentRunner, storeHeartbeatOf } from './instance.ts';
import { jobConfigurationOf } from './jobConfiguration.ts';
import { storeSignsOfLife } from './signsOfLife.ts';
import { acknowledge, type CommandRow, markDelivered } from './store/commands.ts';
import type { JobRow } from './store/jobs.ts';
import type { HeartbeatSet, RunnerRow } from './store/runners.ts';

export type HeartbeatBody = BodyOf<typeof heartbeat>;
type HeartbeatAnswer = ResponseOf<typeof heartbeat>;

/**
 * Takes an agent's word on how it is, and answers what it should know: credentials when due, its jobs when they differ
 * from what it named, and the commands it has not acknowledged. Repeating it changes nothing but the times. Four
 * statements when nothing is new, shared by all heartbeats of the moment; the storage account is asked only when a credential is due.
 * While the database is full it is answered all the same, from what is known: an agent's SAS must not run out for that.
 */
export async function takeHeartbeat(
  services: Services,
  agent: Agent,
  body: HeartbeatBody,
  address: string,
): Promise<HeartbeatAnswer> {
  tellOfRequest({ agentVersion: body.agentVersion });
  refuseUnsupportedVersion(body.agentVersion);
  const { db } = services.database;
  const together = heartbeatsTogether(services);
  const now = services.now();
  const leftOut = noteFull(services);
  const runner = await unlessFull(
    () => storeHeartbeatOf(services, agent, body.instanceNonce, heartbeatSet(body, address, now)),
    (error) => {
      leftOut(error);
      return currentRunner(db, agent);
    },
  );
  if (body.acknowledgedCommandIds.length > 0) {
    await unlessFull(() => acknowledge(db, runner.id, body.acknowledgedCommandIds, now), leftOut);
  }
  const [jobs, commands] = await Promise.all([
    together.jobsOf(runner.id),
    together.commandsOf(runner.id),
    unlessFull(
      () => together.storeGauges({ runnerId: runner.id, gauges: uniqueGauges(body), at: now }),
      leftOut,
    ),
  ]);
  await unlessFull(() => storeSignsOfLife(services, runner.id, body), leftOut);
  const unseen = commands.filter((command) => command.delivered_at === null).map((command) => command.id);
  if (unseen.length > 0) await unlessFull(() => markDelivered(db, unseen, now), leftOut);
  return {
    runnerId: runner.id,
    serverTime: now.toISOString(),
    heartbeatSeconds: services.settings.HEARTBEAT_SECONDS,
    ...(await dueCredentials(services, runner, jobs, body)),
    ...changedJobs(jobs, body),
    commands: commands.flatMap(toCommand),
  };
}

/** Every heartbeat meets a full database: one line a minute says it. */
const SAY_EVERY_MS = 60_000;

const noteFull = perServices(({ log, now }) => {
  let nextMs = Number.NEGATIVE_INFINITY;
  return (error: unknown): void => {
    if (now().getTime() < nextMs) return;
    nextMs = now().getTime() + SAY_EVERY_MS;
    log.error('heartbeats are answered but not kept: the database is full', { error });
  };
});

function heartbeatSet(body: HeartbeatBody, address: string, now: Date): HeartbeatSet {
  return {
    agent_version: body.agentVersion,
    host_name: body.hostName,
    platform: body.platform,
    time_zone: body.timeZone,
    address,
    last_heartbeat: now,
    active_jobs: new Set(body.active_jobs).size,
    azure_files_status: body.azureFilesStatus,
    clock_offset_ms: Date.parse(body.clock) - now.getTime(),
    // What changes with every second is left out: it is kept where it belongs.
    heartbeat_json: json({ ...body, inFlight: undefined, instanceNonce: undefined }),
  };
}

/** The last word on a job counts, should one be named twice. */
function uniqueGauges(body: HeartbeatBody) {
  return [...new Map(body.jobs.map((job) => [job.jobId, job])).values()];
}

async function dueCredentials(
  services: Services,
  runner: RunnerRow,
  jobs: readonly JobRow[],
  body: HeartbeatBody,
): Promise<Pick<HeartbeatAnswer, 'credentials'>> {
  if (!isCredentialDue(services, body.credentialExpiresAt)) return {};
  const credentials = await issueCredentials(services, runner, jobs, body.credentialExpiresAt);
  return credentials === undefined ? {} : { credentials };
}

/** All jobs, when any differs from what the agent named. */
function changedJobs(jobs: readonly JobRow[], body: HeartbeatBody): Pick<HeartbeatAnswer, 'jobs'> {
  const named = new Map(body.jobs.map((job) => [job.jobId, job.configVersion]));
  const isSame = named.size === jobs.length && jobs.every((job) => named.get(job.id) === job.config_version);
  return isSame ? {} : { jobs: jobs.map(jobConfigurationOf) };
}

/** Kinds that this version does not know are left for the version that made them. */
function toCommand(command: CommandRow): HeartbeatAnswer['commands'] {
  if (command.kind !== 'sync_now' && command.kind !== 'reload_configuration') return [];
  return [{ commandId: command.id, kind: command.kind, jobId: command.job_id }];
}
