import { isBackupAtRisk } from '../../../shared/domain/backupAtRisk.ts';
import { ageText, type Check, verdictOf } from '../check.ts';

/** No geometry job failed, left a backlog and has not recovered for over a full schedule cycle. */
export const backupAtRisk: Check = {
  name: 'BACKUP_AT_RISK',
  judge: ({ jobs, now }) => {
    const geometry = jobs.filter((job) => job.kind === 'geometry');
    const evidence = geometry.map((job) => {
      const isAtRisk = isBackupAtRisk(job, now);
      const backlog = `${String(job.backlogCount ?? 0)} files wait`;
      const good =
        job.lastGoodRunAt === null
          ? 'no good run yet'
          : `last good run ${ageText(job.lastGoodRunAt, now)} ago`;
      return {
        subject: `${job.runnerName}/${job.name}`,
        status: isAtRisk ? ('fail' as const) : ('pass' as const),
        detail: `${backlog}, ${good}`,
      };
    });
    return verdictOf(
      evidence,
      ({ bad }) => `${String(bad)} of ${String(geometry.length)} geometry jobs are at risk.`,
    );
  },
};
