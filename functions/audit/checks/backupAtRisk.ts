import { backupRiskOf } from '../../../shared/domain/backupAtRisk.ts';
import { ageText, type Check, verdictOf } from '../check.ts';

/**
 * No file is about to be deleted before it is archived, by the purge forecast of any job; and no geometry job failed, left a
 * backlog and has not recovered for over a full schedule cycle, the platform's own downtime left out.
 */
export const backupAtRisk: Check = {
  name: 'BACKUP_AT_RISK',
  judge: ({ jobs, now, downtime }) => {
    const evidence = jobs.map((job) => {
      const risk = backupRiskOf(job, job.forecast, now, downtime);
      const backlog = `${String(job.backlogCount ?? 0)} files wait`;
      const good =
        job.lastGoodRunAt === null
          ? 'no good run yet'
          : `last good run ${ageText(job.lastGoodRunAt, now)} ago`;
      return {
        subject: `${job.runnerName}/${job.name}`,
        status: risk === undefined ? ('pass' as const) : ('fail' as const),
        detail: risk === 'purge-near' ? job.forecast.sentence : `${backlog}, ${good}`,
      };
    });
    return verdictOf(evidence, ({ bad }) => `${String(bad)} of ${String(jobs.length)} jobs are at risk.`);
  },
};
