import { z } from 'zod';
import { type ProposedJob, proposedJob } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { firstFree, slugOf } from '../../shared/domain/runnerNames.ts';
import { type Db, json } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import { insertJob, type JobRow, jobsOfRunner } from './store/jobs.ts';
import type { RunnerRow } from './store/runners.ts';

const MAX_JOB_ID_LENGTH = 100;
/** A heartbeat names so many jobs at most: one more, and the server would refuse them all. */
export const MAX_JOBS_A_RUNNER = 100;

/**
 * Makes the jobs that an agent's configuration proposes and its runner does not have, by name; those that are there
 * stay as operators left them. Gives the names of the new ones.
 */
export async function createProposedJobs(
  tx: Db,
  runner: RunnerRow,
  proposed: unknown,
  context: WriteContext,
): Promise<string[]> {
  const existing = await jobsOfRunner(tx, runner.id);
  const names = new Set(existing.map((job) => nameKey(job.name)));
  const ids = new Set(existing.map((job) => job.id));
  const paths = sharePathsOf(existing, runner.share_name);
  const made: string[] = [];
  for (const job of z.array(proposedJob).parse(proposed)) {
    const name = job.name.trim();
    if (name === '' || names.has(nameKey(name)) || ids.size >= MAX_JOBS_A_RUNNER) continue;
    const jobId = newJobId(runner.id, name, ids, context);
    const sharePath = freeSharePath(job.sharePath, jobId, paths);
    await insertJob(tx, jobRow(runner, { ...job, name, sharePath }, jobId, context.at));
    names.add(nameKey(name));
    ids.add(jobId);
    paths.add(foldPath(sharePath));
    made.push(name);
  }
  return made;
}

/** Where jobs of one share put their files, folded: no two may use the same place. */
export function sharePathsOf(jobs: readonly JobRow[], shareName: string): Set<string> {
  return new Set(jobs.filter((job) => job.share_name === shareName).map((job) => foldPath(job.share_path)));
}

/** The place asked for, or one named for the job when another job has it. */
function freeSharePath(wanted: string, jobId: string, taken: ReadonlySet<string>): string {
  if (!taken.has(foldPath(wanted))) return wanted;
  const name = slugOf(jobId.slice(jobId.lastIndexOf('.') + 1), MAX_JOB_ID_LENGTH, 'job');
  const base = wanted === '' ? name : `${wanted}/${name}`;
  return firstFree(base, base.length + 10, (path) => taken.has(foldPath(path)));
}

/** Names that one of the two databases may take for the same are the same. */
export function nameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

/**
 * Readable, `<runner>.<name>`: the last part holds no dot, so jobs of two runners never meet. A fresh id where that
 * would be too long.
 */
export function newJobId(
  runnerId: string,
  name: string,
  taken: ReadonlySet<string>,
  context: WriteContext,
): string {
  const room = MAX_JOB_ID_LENGTH - runnerId.length - 1;
  if (room < 12) return context.newId();
  const slug = firstFree(slugOf(name, room, 'job'), room, (each) => taken.has(`${runnerId}.${each}`));
  return `${runnerId}.${slug}`;
}

/** A new job, enabled, on its runner's share. */
export function jobRow(runner: RunnerRow, job: ProposedJob, jobId: string, at: Date) {
  return {
    id: jobId,
    organization_id: runner.organization_id,
    runner_id: runner.id,
    name: job.name,
    kind: job.kind,
    source_path: job.sourcePath,
    share_name: runner.share_name,
    share_path: job.sharePath,
    schedule_seconds: job.scheduleSeconds,
    include_json: json(job.include),
    exclude_json: json(job.exclude),
    source_cap: job.sourceCap,
    enabled: true,
    paused_reason: null,
    config_version: 1,
    source_count: null,
    source_bytes: null,
    backlog_count: null,
    backlog_bytes: null,
    oldest_unsynced_ms: null,
    source_reported_at: null,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}
