import { Checkbox } from '@fluentui/react-components';
import { useState } from 'react';
import { ProblemError } from '../../../../shared/client/index.ts';
import type { BodyOf } from '../../../../shared/contract/endpoint.ts';
import { reconcile } from '../../../../shared/contract/fleet.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { DryRun } from './DryRun.tsx';
import type { JobProps } from './JobActions.tsx';

type Options = NonNullable<BodyOf<typeof reconcile>>;

/** First a dry run that changes nothing and shows its numbers, then the real one. */
export function ReconcileDialog({ runner, job, onClose }: JobProps & { onClose: () => void }) {
  const { notices } = useServices();
  const [options, setOptions] = useState({ removeMissing: false, allowEmptyShare: false });
  const [counted, setCounted] = useState(false);
  const dryRun = useAction(reconcile);
  const realRun = useAction(reconcile);
  const params = { runnerId: runner.runnerId, jobId: job.jobId };
  const bodyFor = (dry: boolean): Options => ({ ...options, dryRun: dry });
  const count = () => dryRun.mutate({ params, body: bodyFor(true) });
  const start = () =>
    realRun.mutate(
      { params, body: bodyFor(false) },
      {
        onSuccess: () => {
          notices.say(`${job.name} on ${runner.name} is being reconciled; its run is under Runs.`);
          onClose();
        },
      },
    );
  const counting = dryRun.isPending || (dryRun.isSuccess && !counted);
  return (
    <AskDialog
      title={`Reconcile ${job.name} with its share`}
      confirm={counted ? confirmText(options) : counting ? 'Counting …' : 'Count first, change nothing'}
      confirmDisabled={counting || realRun.isPending}
      onConfirm={counted ? start : count}
      onClose={onClose}
    >
      <p>
        Lists what is really on <code>{job.shareName}</code> and makes the index agree with it. Nothing on the
        share is touched; the listing is paid by the transaction, about{' '}
        {sayAmount(Math.ceil(job.archivedCount / 5000) + 1, 'page')} of files.
      </p>
      <Checkbox
        label="Also forget files that the index has and the share has not; they are archived again if the source still has them"
        checked={options.removeMissing}
        disabled={counted}
        onChange={(_, data) => setOptions({ ...options, removeMissing: data.checked === true })}
      />
      {looksEmpty(dryRun.error) ? (
        <Checkbox
          label="The share looks empty and the index does not: go on all the same"
          checked={options.allowEmptyShare}
          onChange={(_, data) => setOptions({ ...options, allowEmptyShare: data.checked === true })}
        />
      ) : null}
      {dryRun.data === undefined ? null : (
        <DryRun runId={dryRun.data.runId} onCounted={() => setCounted(true)} />
      )}
      <ErrorNote error={dryRun.error} doing="The dry run" />
      <ErrorNote error={realRun.error} doing="Reconciling" />
    </AskDialog>
  );
}

function confirmText(options: { removeMissing: boolean }): string {
  return options.removeMissing ? 'Reconcile and forget what is missing' : 'Reconcile now';
}

function looksEmpty(error: Error | null): boolean {
  return error instanceof ProblemError && error.problem.code === 'share-looks-empty';
}
