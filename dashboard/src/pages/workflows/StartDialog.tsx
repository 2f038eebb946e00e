import { Field, Textarea } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { startWorkflow, type WorkflowKind } from '../../../../shared/contract/workflows.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { readPayload } from './payloadText.ts';

/** Starts a run with a payload. The server judges it: what it refuses is shown with its place. */
export function StartDialog({ kind, onClose }: { kind: WorkflowKind; onClose: () => void }) {
  const [text, setText] = useState('{}');
  const start = useAction(startWorkflow);
  const { notices } = useServices();
  const navigate = useNavigate();
  const read = readPayload(text);
  const act = () => {
    if ('fault' in read) return;
    start.mutate(
      { params: { name: kind.name }, body: { payload: read.payload } },
      {
        onSuccess: ({ runId }) => {
          notices.say(`${kind.name} has begun.`);
          onClose();
          void navigate({ to: '/runs/$runId', params: { runId } });
        },
      },
    );
  };
  return (
    <AskDialog
      title={`Start ${kind.name}?`}
      confirm={`Start ${kind.name}`}
      confirmDisabled={'fault' in read || start.isPending}
      onConfirm={act}
      onClose={onClose}
    >
      <p>
        {kind.summary} {kind.exclusive ? 'While one run of it goes on, no other can begin.' : ''}
      </p>
      <Field
        label="Payload (JSON)"
        hint={
          kind.schedule === null
            ? 'The server says what it does not take.'
            : 'Its schedule starts it with {}.'
        }
        {...('fault' in read ? { validationMessage: read.fault } : {})}
      >
        <Textarea
          value={text}
          rows={8}
          spellCheck={false}
          className="payload"
          onChange={(_, input) => setText(input.value)}
        />
      </Field>
      <ErrorNote error={start.error} doing="Starting the workflow" />
    </AskDialog>
  );
}
