import { useNavigate } from '@tanstack/react-router';
import { triggerWorkflow, type WorkflowKind } from '../../../../shared/contract/workflows.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { runMark } from '../../format/runWords.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';

const outcomes = {
  started: 'No run was unfinished any more: a new one has begun.',
  resumed: 'The run goes on from its pointer.',
  waiting: 'The run goes on by itself already; its message was sent again.',
};

/** Lets the newest run go on that did not come to its end. */
export function TriggerDialog({ kind, onClose }: { kind: WorkflowKind; onClose: () => void }) {
  const trigger = useAction(triggerWorkflow);
  const { notices } = useServices();
  const navigate = useNavigate();
  const act = () =>
    trigger.mutate(
      { params: { syncType: kind.name }, body: {} },
      {
        onSuccess: ({ runId, outcome }) => {
          notices.say(outcomes[outcome]);
          onClose();
          void navigate({ to: '/runs/$runId', params: { runId } });
        },
      },
    );
  return (
    <AskDialog
      title={`Resume ${kind.name}?`}
      confirm={kind.lastRun?.status === 'running' ? 'Send its message again' : 'Resume from its pointer'}
      confirmDisabled={trigger.isPending}
      onConfirm={act}
      onClose={onClose}
    >
      {kind.lastRun === null ? null : <WhatHappens run={kind.lastRun} />}
      <p>Should it have come to its end meanwhile, a new run begins.</p>
      <ErrorNote error={trigger.error} doing="Triggering the workflow" />
    </AskDialog>
  );
}

function WhatHappens({ run }: { run: NonNullable<WorkflowKind['lastRun']> }) {
  if (run.status === 'running')
    return (
      <p>
        Its run <code>{run.runId}</code> goes on by itself. Its message is sent again, in case it was lost; a
        message too many has no effect.
      </p>
    );
  return (
    <p>
      Its newest run, <code>{run.runId}</code>, is {runMark(run).word.toLowerCase()}. It goes on after what it
      has finished; what it has stored is neither fetched nor written again.
    </p>
  );
}
