import type { SeedChange, SeededJob } from '../../../shared/contract/seeding.ts';
import { foldPath } from '../../../shared/domain/paths.ts';
import type { Db } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { WriteContext } from '../../platform/runs/index.ts';
import { changedColumns, refuseTooMany, refuseTwin } from '../jobs.ts';
import { jobRow, nameKey, newJobId } from '../proposedJobs.ts';
import { insertJob, type JobRow, jobsOfRunner, updateJobRow } from '../store/jobs.ts';
import type { RunnerRow } from '../store/runners.ts';

/**
 * The jobs that the file names for a runner, made or set to what it says; others stay. A pause stays too: it is about
 * what happens now, not about what is wanted. Throws `conflict` for what cannot be so; the runner's jobs must be locked.
 */
export async function seedJobs(
  tx: Db,
  runner: RunnerRow,
  wanted: readonly SeededJob[],
  context: WriteContext,
): Promise<readonly SeedChange[]> {
  const changes: SeedChange[] = [];
  let existing = await jobsOfRunner(tx, runner.id);
  for (const job of namedOnce(runner.id, wanted)) {
    const found = existing.find((each) => nameKey(each.name) === nameKey(job.name));
    const change =
      found === undefined
        ? await addJob(tx, runner, existing, job, context)
        : await setJob(tx, found, job, context);
    if (change === undefined) continue;
    changes.push(change);
    if (change.change === 'created') existing = await jobsOfRunner(tx, runner.id);
  }
  return changes;
}

function namedOnce(runnerId: string, jobs: readonly SeededJob[]): readonly SeededJob[] {
  const names = new Set(jobs.map((job) => nameKey(job.name)));
  if (names.size === jobs.length) return jobs;
  throw new Problem('conflict', `The file names a job of runner ${runnerId} twice; wanted: each once.`);
}

async function addJob(
  tx: Db,
  runner: RunnerRow,
  existing: readonly JobRow[],
  wanted: SeededJob,
  context: WriteContext,
): Promise<SeedChange> {
  const job = { ...wanted, name: wanted.name.trim() };
  refuseTooMany(existing.length, runner.id);
  refuseTwin(existing, job, runner.share_name);
  const jobId = newJobId(runner.id, job.name, new Set(existing.map((each) => each.id)), context);
  await insertJob(tx, { ...jobRow(runner, job, jobId, context.at), enabled: job.enabled });
  return { kind: 'job', subject: jobId, change: 'created', fields: [] };
}

async function setJob(
  tx: Db,
  job: JobRow,
  wanted: SeededJob,
  context: WriteContext,
): Promise<SeedChange | undefined> {
  refuseMove(job, wanted);
  const { enabled, scheduleSeconds, include, exclude, sourceCap } = wanted;
  const set = changedColumns(job, { enabled, scheduleSeconds, include, exclude, sourceCap });
  const fields = Object.keys(set).map((column) => column.replace(/_json$/, ''));
  if (fields.length === 0) return undefined;
  const next = { ...set, config_version: job.config_version + 1, updated_at: context.at };
  if ((await updateJobRow(tx, job, next)) === undefined)
    throw new Problem('conflict', `Job ${job.id} was changed by somebody else just now; seed again.`);
  return { kind: 'job', subject: job.id, change: 'updated', fields };
}

/** What is archived is known by its path below source and share: elsewhere it would be another job. */
function refuseMove(job: JobRow, wanted: SeededJob): void {
  const isSame =
    job.kind === wanted.kind &&
    job.source_path === wanted.sourcePath &&
    foldPath(job.share_path) === foldPath(wanted.sharePath);
  if (isSame) return;
  throw new Problem(
    'conflict',
    `Job ${job.id} archives ${job.source_path} (${job.kind}) to /${job.share_path}, and the file says ${wanted.sourcePath} (${wanted.kind}) to /${wanted.sharePath}; wanted: another name for what is another job.`,
  );
}
