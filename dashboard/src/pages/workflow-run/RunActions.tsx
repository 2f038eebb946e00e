import { Button, Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { useMay } from '../../app/session.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { controls, controlWords, type Verb } from './controlWords.ts';
import type { WorkflowRunAnswer } from './standing.ts';

/** What may be done to the run now, and nothing else; each says first what it will do. */
export function RunActions({ data }: { data: WorkflowRunAnswer }) {
  const [opened, setOpened] = useState<Verb>();
  if (!useMay('operator')) return null;
  return (
    <>
      {data.allowed.map((verb, index) => (
        <Button
          key={verb}
          appearance={index === 0 && verb !== 'pause' ? 'primary' : 'secondary'}
          onClick={() => setOpened(verb)}
        >
          {controlWords(verb, data).button}…
        </Button>
      ))}
      {opened === undefined ? null : (
        <ControlDialog key={opened} verb={opened} data={data} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}

function ControlDialog({
  verb,
  data,
  onClose,
}: {
  verb: Verb;
  data: WorkflowRunAnswer;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const { notices } = useServices();
  const action = useAction(controls[verb]);
  const { button, before, doing, after } = controlWords(verb, data);
  const { runId, syncType } = data.run;
  const act = () =>
    action.mutate(
      { params: { runId }, body: reason.trim() === '' ? {} : { reason: reason.trim() } },
      {
        onSuccess: () => {
          notices.say(after);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`${button} this run of ${syncType}?`}
      confirm={`${button} it`}
      confirmDisabled={action.isPending}
      onConfirm={act}
      onClose={onClose}
    >
      <p>{before}</p>
      <Field label="Why?" hint="Kept in the audit log, and in what the run says of itself.">
        <Input value={reason} maxLength={1000} onChange={(_, input) => setReason(input.value)} />
      </Field>
      <ErrorNote error={action.error} doing={doing} />
    </AskDialog>
  );
}
