import { Link } from '@tanstack/react-router';
import { folders } from '../../../../shared/contract/seals.ts';
import { useAnswer } from '../../app/answers.ts';
import { sayCount } from '../../format/amount.ts';
import type { JobProps } from './JobActions.tsx';

/** The answer lists every folder, and what it counts changes about once a day. */
const EVERY_MS = 300_000;

/** How many of a job's folders are sealed; leads to them. */
export function FoldersFact({ runner, job }: JobProps) {
  const params = { runnerId: runner.runnerId, jobId: job.jobId };
  const counts = useAnswer(folders, { params }, { everyMs: EVERY_MS }).data;
  return (
    <Link to="/runners/$runnerId/jobs/$jobId/folders" params={params} className="link">
      {counts === undefined ? 'show' : `${sayCount(counts.sealed)} sealed, ${sayCount(counts.open)} open`}
    </Link>
  );
}
