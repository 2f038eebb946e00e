import { z } from 'zod';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import type { JobRow } from './store/jobs.ts';

const globs = z.array(z.string());

/** A job as its agent needs it. */
export function jobConfigurationOf(job: JobRow): JobConfiguration {
  return {
    jobId: job.id,
    name: job.name,
    kind: job.kind,
    sourcePath: job.source_path,
    shareName: job.share_name,
    sharePath: job.share_path,
    scheduleSeconds: job.schedule_seconds,
    include: globs.parse(job.include_json),
    exclude: globs.parse(job.exclude_json),
    sourceCap: job.source_cap,
    enabled: job.enabled,
    pausedReason: job.paused_reason,
    configVersion: job.config_version,
  };
}
