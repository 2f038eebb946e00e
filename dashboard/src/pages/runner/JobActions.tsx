import { Button } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { type JobView, type RunnerView, syncNow, updateJob } from '../../../../shared/contract/fleet.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { EditJobDialog } from './EditJobDialog.tsx';
import { PauseDialog } from './PauseDialog.tsx';
import { ReconcileDialog } from './ReconcileDialog.tsx';

export interface JobProps {
  readonly runner: RunnerView;
  readonly job: JobView;
}

type Opened = 'pause' | 'edit' | 'reconcile';

/** What an operator can do to a job. What costs something asks first. */
export function JobActions({ runner, job }: JobProps) {
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  const stopped = job.pausedReason !== null || !job.enabled;
  return (
    <div className="actions">
      <SyncButton runner={runner} job={job} disabled={stopped} />
      {stopped ? (
        <ResumeButton runner={runner} job={job} />
      ) : (
        <Button onClick={() => setOpened('pause')}>Pause…</Button>
      )}
      <Button onClick={() => setOpened('reconcile')}>Reconcile…</Button>
      <Button onClick={() => setOpened('edit')}>Edit…</Button>
      {opened === 'pause' ? <PauseDialog runner={runner} job={job} onClose={close} /> : null}
      {opened === 'edit' ? <EditJobDialog runner={runner} job={job} onClose={close} /> : null}
      {opened === 'reconcile' ? <ReconcileDialog runner={runner} job={job} onClose={close} /> : null}
    </div>
  );
}

function SyncButton({ runner, job, disabled }: JobProps & { disabled: boolean }) {
  const { notices } = useServices();
  const sync = useAction(syncNow);
  const ask = () =>
    sync.mutate(
      { params: { runnerId: runner.runnerId, jobId: job.jobId }, body: {} },
      {
        onSuccess: () =>
          notices.say(`${runner.name} is asked to sync ${job.name}; it starts with its next heartbeat.`),
      },
    );
  return (
    <>
      <Button
        appearance="primary"
        icon={<ArrowSyncRegular />}
        disabled={disabled || sync.isPending}
        title={disabled ? 'The job is paused: resume it first' : 'Does not wait for the schedule'}
        onClick={ask}
      >
        Sync now
      </Button>
      <ErrorNote error={sync.error} doing="Asking for a sync" />
    </>
  );
}

function ResumeButton({ runner, job }: JobProps) {
  const { notices } = useServices();
  const update = useAction(updateJob);
  const resume = () =>
    update.mutate(
      {
        params: { runnerId: runner.runnerId, jobId: job.jobId },
        body: { pausedReason: null, enabled: true },
      },
      {
        onSuccess: () =>
          notices.say(`${job.name} on ${runner.name} goes on with its agent’s next heartbeat.`),
      },
    );
  return (
    <>
      <Button disabled={update.isPending} onClick={resume}>
        Resume
      </Button>
      <ErrorNote error={update.error} doing="Resuming the job" />
    </>
  );
}
