import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { type JobView, updateJob } from '../../../../shared/contract/fleet.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { useMe } from '../../app/session.ts';
import { sayAmount, sayCount } from '../../format/amount.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import type { JobProps } from './JobActions.tsx';

/** Says what a pause costs before it is made. */
export function PauseDialog({ runner, job, onClose }: JobProps & { onClose: () => void }) {
  const [reason, setReason] = useState('');
  const { displayName } = useMe();
  const { notices } = useServices();
  const update = useAction(updateJob);
  const pause = () =>
    update.mutate(
      {
        params: { runnerId: runner.runnerId, jobId: job.jobId },
        body: { pausedReason: reason === '' ? `By ${displayName}` : `${reason} (${displayName})` },
      },
      {
        onSuccess: () => {
          notices.say(`${job.name} on ${runner.name} is paused.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Pause ${job.name} on ${runner.name}?`}
      confirm={`Pause ${job.name}`}
      confirmDisabled={update.isPending}
      onConfirm={pause}
      onClose={onClose}
    >
      <p>
        {costOf(job)} Nothing of this job is archived until somebody resumes it; what the instrument deletes
        meanwhile is lost.
      </p>
      <Field label="Why?" hint="Shown to everybody who looks at the job.">
        <Input value={reason} maxLength={200} onChange={(_, data) => setReason(data.value)} />
      </Field>
      <ErrorNote error={update.error} doing="Pausing the job" />
    </AskDialog>
  );
}

function costOf(job: JobView): string {
  const waiting =
    job.backlogCount === null || job.backlogCount === 0
      ? 'No file waits now.'
      : `${sayAmount(job.backlogCount, 'file')} ${job.backlogCount === 1 ? 'waits' : 'wait'} now.`;
  if (job.sourceCap === null || job.sourceCount === null) return waiting;
  return `${waiting} The source holds ${sayCount(job.sourceCount)} of ${sayCount(job.sourceCap)} files before the instrument deletes its oldest.`;
}
